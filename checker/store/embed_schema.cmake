# schema.sql as a C string literal, so that the program carries its text.
set(schema ${CMAKE_CURRENT_LIST_DIR}/schema.sql)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${schema})
file(READ ${schema} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\"" text "${text}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/store/schema.inc CONTENT "\"${text}\"\n" @ONLY)
target_include_directories(ci-store PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/store)
