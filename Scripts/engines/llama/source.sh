# Sourced: which llama.cpp this project stands on. The Python binding's source archive carries it whole.
llama_package=llama-cpp-python
llama_package_version=0.3.36
llama_package_sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
llama_source_subdir=vendor/llama.cpp
