# rnn_add_library(NAME SOURCE... [DEPENDS TARGET...] [LINK LIBRARY...])
# A static library that does not use MLIR or LLVM.
function(rnn_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# rnn_add_mlir_library(NAME SOURCE... [DEPENDS TARGET...] [LINK LIBRARY...])
# The same for a library on libMLIR.so and libLLVM.so, with the precompiled header of MLIR.
function(rnn_add_mlir_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  rnn_add_library(${name} ${ARG_UNPARSED_ARGUMENTS} DEPENDS ${ARG_DEPENDS} LINK ${ARG_LINK})
  rnn_use_mlir(${name})
  if(TARGET RnnPch)
    target_precompile_headers(${name} REUSE_FROM RnnPch)
    # libstdc++ silences its own use of deprecated functions by pragmas, which a precompiled header loses.
    target_compile_options(${name} PRIVATE -Wno-deprecated-declarations)
  else()
    message(FATAL_ERROR "RnnPch must be defined before ${name}")
  endif()
endfunction()

# Headers, flags and shared libraries of MLIR and LLVM for one target.
function(rnn_use_mlir name)
  target_include_directories(${name} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_compile_options(${name} PRIVATE -fno-rtti)
  target_link_libraries(${name} PUBLIC MLIR LLVM)
endfunction()

# rnn_embed_files(OUTPUT FILE...): each file as a raw string in a C++ fragment, `{"stem", R"~(text)~"},`.
function(rnn_embed_files output)
  set(text "")
  foreach(file ${ARGN})
    get_filename_component(stem ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND text "{\"${stem}\", R\"~(${content})~\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  # The text is put in whole: what it says between two @ stays.
  file(CONFIGURE OUTPUT ${output} CONTENT "@text@" @ONLY)
endfunction()
