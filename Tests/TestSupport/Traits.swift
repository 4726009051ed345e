import Foundation
import Testing

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that hangs, so that the report names it. No test comes near this limit, on however slow a machine: none
    /// measures time by it.
    package static var hangGuard: Self { .timeLimit(.minutes(15)) }
}

extension Trait where Self == ConditionTrait {
    /// A test of time or memory: run by `make bench` alone, which sets DPAIS_BENCH=1, one test after another.
    ///
    /// Suites with this trait have names that begin with `Measured`, by which `make bench` finds them.
    package static var measured: Self { .enabled(if: isSet("DPAIS_BENCH"), "run by make bench") }
}

/// Whether all rounds of random input are run, not a sample of them: `make soak`, which sets DPAIS_SOAK=1.
package let isSoak = isSet("DPAIS_SOAK")

/// How many rounds a test of random input takes: a seeded sample in `make test`, all of them in `make soak`.
package func rounds(short: Int, long: Int) -> Int { isSoak ? long : short }

private func isSet(_ variable: String) -> Bool { ProcessInfo.processInfo.environment[variable] == "1" }
