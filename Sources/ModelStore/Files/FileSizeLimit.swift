#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Has a write beyond the largest size that the user allows a file (`ulimit -f`) fail, as one to a full disk does,
/// instead of ending the process.
func reportFileSizeLimitAsError() {
    signal(SIGXFSZ, SIG_IGN)
}
