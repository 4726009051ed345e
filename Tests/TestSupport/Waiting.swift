import Foundation

/// A condition that did not come to hold.
package struct WaitedInVain: Error {
    let condition: String
}

/// Returns when a condition holds: the one place in which tests let time pass.
///
/// A loaded machine may take as long as it needs; what never comes is reported after the time of ``Testing/Trait/hangGuard``.
///
/// - Parameter what: the condition in words, for the report of a test that hangs.
/// - Throws: ``WaitedInVain``; `CancellationError`; what the condition throws.
package func eventually(
    _ what: String, isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(900)
    while try await !condition() {
        guard clock.now < deadline else { throw WaitedInVain(condition: what) }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Seconds since 1970, whole, as replies tell them.
package var secondsSince1970: Int { Int(Date().timeIntervalSince1970) }
