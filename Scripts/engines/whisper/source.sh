# Sourced: which whisper.cpp this project stands on. The Python binding's source archive carries it whole.
whisper_package=pywhispercpp
whisper_package_version=1.5.1
whisper_package_sha256=5df897e5dd9d9f16804fc937bd85b9f5880a0b29a55f8843585e0e03d76195e5
whisper_source_subdir=whisper.cpp
