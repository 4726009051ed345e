#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Int {
    /// Seconds of Unix time, now.
    static var unixTime: Int { Int(Date().timeIntervalSince1970) }
}
