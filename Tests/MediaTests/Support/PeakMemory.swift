#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes of the process's memory at its most.
var peakMemory: Int {
    var usage = rusage()
    // RUSAGE_SELF, whose type is another on each platform.
    getrusage(0, &usage)
    #if canImport(Darwin)
        return usage.ru_maxrss
    #else
        return usage.ru_maxrss << 10
    #endif
}
