import Foundation
import LlamaEngine
import Testing

@Suite("Exponential")
struct ExponentialTests {
    @Test("The relative error against the C library's exp stays below 1e-6 from −87 to 0")
    func agreesWithTheCLibrary() {
        var worst = 0.0
        for step in 0...1_000_000 {
            let x = -87 * Float(step) / 1_000_000
            let exact = exp(Double(x))
            worst = max(worst, abs(Double(exponential(SIMD16(repeating: x))[step & 15]) - exact) / exact)
        }
        #expect(worst < 1e-6)
    }

    @Test("Zero gives exactly one")
    func zeroGivesOne() {
        #expect(exponential(SIMD16(repeating: 0)) == SIMD16(repeating: 1))
    }

    @Test("Below −87 there is nothing", arguments: [-87.001, -88, -1_000, -1e38, -Float.infinity])
    func vanishes(x: Float) {
        #expect(exponential(SIMD16(repeating: x)) == SIMD16(repeating: 0))
    }

    @Test("Every lane is on its own")
    func lanesAreIndependent() {
        var x = SIMD16<Float>()
        for lane in 0..<16 { x[lane] = -Float(lane) * 1.7 }
        let y = exponential(x)
        for lane in 0..<16 { #expect(y[lane] == exponential(SIMD16(repeating: x[lane]))[0]) }
    }
}
