import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The most memory that the process has held.
enum PeakMemory {
    /// Forgets what was held before. Without this a peak shows only where it is the highest so far; other systems than
    /// Linux leave it at that.
    static func reset() {
        #if os(Linux)
            // proc(5), /proc/pid/clear_refs: 5 sets the peak to what is held now.
            guard let file = fopen("/proc/self/clear_refs", "w") else { return }
            fputs("5", file)
            fclose(file)
        #endif
    }

    static var bytes: Int {
        get throws {
            #if os(Linux)
                // Not getrusage's, which counts what the process was before it became another program.
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let peak = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
                return try #require(peak.split { $0.isWhitespace }.dropFirst().first.flatMap { Int($0) }) << 10
            #else
                var usage = rusage()
                getrusage(RUSAGE_SELF, &usage)
                return usage.ru_maxrss
            #endif
        }
    }
}
