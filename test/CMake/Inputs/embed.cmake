# cmake -DOUTPUT=FILE -P embed.cmake: writes the fragment of the file beside this one.
include(${CMAKE_CURRENT_LIST_DIR}/../../../cmake/RnnLibrary.cmake)
rnn_embed_files(${OUTPUT} ${CMAKE_CURRENT_LIST_DIR}/embedded.yaml)
