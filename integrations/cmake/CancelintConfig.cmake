# find_package(Cancelint) gives
#
#   cancelint_enable(TARGET... [TIDY])
#
# Each TARGET's sources are checked by the target `cancelint`, together, so that functions are judged across files. With
# TIDY, clang-tidy with cancelint's checks also runs on each file as it is compiled (CMAKE_<LANG>_CLANG_TIDY of these
# targets). What `cancelint` is told goes into CANCELINT_OPTIONS, a list: -DCANCELINT_OPTIONS="--fail-on;none".
#
# Needs CMake 3.20, and a generator that writes compile_commands.json: Ninja or Makefiles.
cmake_minimum_required(VERSION 3.20)

find_program(CANCELINT_PROGRAM cancelint HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin)
find_program(CANCELINT_TIDY_PROGRAM cancelint-tidy HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin)
set(CANCELINT_OPTIONS "" CACHE STRING "options of 'cancelint check', as a list")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Cancelint REQUIRED_VARS CANCELINT_PROGRAM)

# The sources of one target as absolute paths; those that are generated are in the build directory.
function(_cancelint_sources target out)
  get_target_property(sources ${target} SOURCES)
  get_target_property(source_dir ${target} SOURCE_DIR)
  get_target_property(binary_dir ${target} BINARY_DIR)
  set(found)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.(c|C|cc|cp|cpp|cxx|c\\+\\+)$")
      continue()
    elseif(IS_ABSOLUTE "${source}")
      list(APPEND found "${source}")
    elseif(EXISTS "${source_dir}/${source}")
      list(APPEND found "${source_dir}/${source}")
    else()
      list(APPEND found "${binary_dir}/${source}")
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# Runs when the top directory has been read: then all targets are known.
function(_cancelint_finish)
  get_property(targets GLOBAL PROPERTY CANCELINT_TARGETS)
  list(REMOVE_DUPLICATES targets)
  set(sources)
  foreach(target IN LISTS targets)
    _cancelint_sources(${target} of_target)
    list(APPEND sources ${of_target})
  endforeach()
  list(REMOVE_DUPLICATES sources)
  add_custom_target(cancelint
    COMMAND "${CANCELINT_PROGRAM}" check -p "${CMAKE_BINARY_DIR}" ${CANCELINT_OPTIONS} ${sources}
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    COMMENT "Checking cancellation"
    COMMAND_EXPAND_LISTS USES_TERMINAL VERBATIM)
  # What is generated has to be there first.
  foreach(target IN LISTS targets)
    get_target_property(needs ${target} MANUALLY_ADDED_DEPENDENCIES)
    if(needs)
      add_dependencies(cancelint ${needs})
    endif()
  endforeach()
endfunction()

function(cancelint_enable)
  cmake_parse_arguments(PARSE_ARGV 0 arg "TIDY" "" "")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cancelint_enable: name a target, as in cancelint_enable(server)")
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "cancelint_enable: '${CMAKE_GENERATOR}' writes no compile_commands.json; take Ninja or Makefiles")
  endif()
  foreach(target IN LISTS arg_UNPARSED_ARGUMENTS)
    if(NOT TARGET ${target})
      message(FATAL_ERROR "cancelint_enable: there is no target '${target}' here; call it behind add_executable() or add_library()")
    endif()
    set_target_properties(${target} PROPERTIES EXPORT_COMPILE_COMMANDS ON)
    if(arg_TIDY AND NOT CANCELINT_TIDY_PROGRAM)
      message(FATAL_ERROR "cancelint_enable: TIDY needs cancelint-tidy, which is not beside ${CANCELINT_PROGRAM}")
    elseif(arg_TIDY)
      set_target_properties(${target} PROPERTIES
        C_CLANG_TIDY "${CANCELINT_TIDY_PROGRAM}" CXX_CLANG_TIDY "${CANCELINT_TIDY_PROGRAM}")
    endif()
  endforeach()
  get_property(before GLOBAL PROPERTY CANCELINT_TARGETS SET)
  set_property(GLOBAL APPEND PROPERTY CANCELINT_TARGETS ${arg_UNPARSED_ARGUMENTS})
  if(NOT before)
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _cancelint_finish)
  endif()
endfunction()
