# rnn_add_pch(NAME HEADER): a precompiled header as a target; what follows may use it.
function(rnn_add_pch name header)
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/lib/Pch/Empty.cpp)
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/lib/Pch/${header})
  # Without the times of files in it, ccache finds it, and what is compiled with it, for another clone.
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

# rnn_use_pch(NAME PCH): compiles the target with the precompiled header of another.
function(rnn_use_pch name pch)
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  target_precompile_headers(${name} REUSE_FROM ${pch})
  # -fPIC: what is precompiled for libraries goes with programs that are compiled like them, not with -fPIE.
  # libstdc++ silences its own use of deprecated functions by pragmas, which a precompiled header loses.
  target_compile_options(${name} PRIVATE -fPIC -Wno-deprecated-declarations)
endfunction()

# rnn_add_library(NAME SOURCE... [DEPENDS TARGET...] [LINK LIBRARY...])
# A static library that does not use MLIR or LLVM.
function(rnn_add_library name)
  rnn_add_static_library(${name} ${ARGN})
  rnn_use_pch(${name} RnnStdPch)
endfunction()

# rnn_add_mlir_library(NAME SOURCE... [DEPENDS TARGET...] [LINK LIBRARY...])
# The same for a library on libMLIR.so and libLLVM.so.
function(rnn_add_mlir_library name)
  rnn_add_static_library(${name} ${ARGN})
  rnn_use_mlir(${name})
endfunction()

function(rnn_add_static_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# Headers, precompiled too, flags and shared libraries of MLIR and LLVM for one target.
function(rnn_use_mlir name)
  rnn_use_mlir_alone(${name})
  rnn_use_pch(${name} RnnMlirPch)
endfunction()

# The same without the precompiled header.
function(rnn_use_mlir_alone name)
  target_include_directories(${name} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  # Most of a compilation's time is spent in MLIR and LLVM, and -O3 would take longer to build.
  target_compile_options(${name} PRIVATE -fno-rtti $<$<CONFIG:Release>:-O2>)
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
