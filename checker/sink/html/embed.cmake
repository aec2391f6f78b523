# The page, its style and its scripts, and the library for charts if .ci/deps could install it, as C.
set(html ${CMAKE_CURRENT_LIST_DIR})
set(chart_folder ${PROJECT_SOURCE_DIR}/build/chart/node_modules/uplot CACHE PATH "the npm package uplot, for the charts of the HTML report")
if(NOT EXISTS ${chart_folder}/dist/uPlot.iife.min.js)
  message(WARNING "no uplot in ${chart_folder}: HTML reports will have tables in place of charts. 'make deps' installs it.")
endif()
file(GLOB parts CONFIGURE_DEPENDS ${html}/*.js ${html}/*.css ${html}/*.html ${chart_folder}/dist/uPlot.iife.min.js)
add_custom_command(
  OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/sink/html_assets.inc
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/sink
  COMMAND Python3::Interpreter ${html}/embed.py ${CMAKE_CURRENT_BINARY_DIR}/sink/html_assets.inc ${chart_folder}
  DEPENDS ${html}/embed.py ${parts}
  COMMENT "Embedding the HTML report"
  VERBATIM)
target_sources(ci-sink PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/sink/html_assets.inc)
target_include_directories(ci-sink PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/sink)
