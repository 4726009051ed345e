import Foundation

/// The power spectra of frames of 400 samples, several frames side by side in the lanes of vectors.
///
/// A frame's 400 real samples are taken for 200 complex numbers, which are transformed by mixed radices (5, 5, 4 and 2)
/// in the order that T. Stockham found, where nothing has to be sorted; the halves of the spectrum are then told apart.
/// W. Cochran et al.: What is the fast Fourier transform?, 1967.
final class PowerSpectrum {
    typealias Lanes = SIMD8<Float>

    /// Frames that are computed at once.
    static let lanes = Lanes.scalarCount
    static let frameLength = 400
    /// Samples from one frame's beginning to the next one's.
    static let hop = 160
    /// Frequencies of a spectrum, from 0 to half the sample rate.
    static let bins = frameLength / 2 + 1

    private static let half = frameLength / 2

    /// Hann's window for frames that follow each other (its period is the frame), halved: each half of the spectrum
    /// is a mean of two numbers.
    private let window: [Float]
    /// e to the power of −2πi·k / 200 and −2πi·k / 400.
    private let halfTurns: [(re: Float, im: Float)]
    private let turns: [(re: Float, im: Float)]
    private let buffers: UnsafeMutablePointer<Lanes>
    private let first: Complexes
    private let second: Complexes

    /// A row of complex numbers, real and imaginary parts apart.
    private struct Complexes {
        var re: UnsafeMutablePointer<Lanes>
        var im: UnsafeMutablePointer<Lanes>
    }

    init() {
        window = (0..<Self.frameLength).map { Float(0.25 * (1 - cos(2 * .pi * Double($0) / Double(Self.frameLength)))) }
        func roots(of count: Int, upTo last: Int) -> [(re: Float, im: Float)] {
            (0...last).map { index in
                let angle = -2 * Double.pi * Double(index) / Double(count)
                return (Float(cos(angle)), Float(sin(angle)))
            }
        }
        halfTurns = roots(of: Self.half, upTo: Self.half - 1)
        turns = roots(of: Self.frameLength, upTo: Self.half)
        buffers = .allocate(capacity: 4 * Self.half)
        buffers.initialize(repeating: .zero, count: 4 * Self.half)
        first = Complexes(re: buffers, im: buffers + Self.half)
        second = Complexes(re: buffers + 2 * Self.half, im: buffers + 3 * Self.half)
    }

    deinit { buffers.deallocate() }

    /// Computes the spectra of up to ``lanes`` frames.
    ///
    /// - Parameters:
    ///   - samples: the first frame's; each frame begins ``hop`` behind the one before.
    ///   - count: frames, at least 1. Lanes beyond repeat the last frame.
    ///   - power: room for ``bins`` numbers: the squared magnitudes.
    func compute(_ samples: UnsafePointer<Float>, count: Int, into power: UnsafeMutablePointer<Lanes>) {
        load(samples, count: count)
        pass5(length: 200, stride: 1, from: first, to: second)
        pass5(length: 40, stride: 5, from: second, to: first)
        pass4(length: 8, stride: 25, from: first, to: second)
        pass2(stride: 100, from: second, to: first)
        separate(into: power)
    }

    private func load(_ samples: UnsafePointer<Float>, count: Int) {
        for lane in 0..<Self.lanes {
            let frame = samples + min(lane, count - 1) * Self.hop
            window.withUnsafeBufferPointer { window in
                for index in 0..<Self.half {
                    first.re[index][lane] = frame[2 * index] * window[2 * index]
                    first.im[index][lane] = frame[2 * index + 1] * window[2 * index + 1]
                }
            }
        }
    }

    /// X(k) = (Z(k) + Z*(200 − k)) / 2 + e^(−2πik/400) · (Z(k) − Z*(200 − k)) / 2i.
    private func separate(into power: UnsafeMutablePointer<Lanes>) {
        let z = first
        turns.withUnsafeBufferPointer { turns in
            for k in 0...Self.half {
                let (near, far) = (k == Self.half ? 0 : k, k == 0 ? 0 : Self.half - k)
                let (evenRe, evenIm) = (z.re[near] + z.re[far], z.im[near] - z.im[far])
                let (oddRe, oddIm) = (z.im[near] + z.im[far], z.re[far] - z.re[near])
                let turn = turns[k]
                let re = evenRe + oddRe * turn.re - oddIm * turn.im
                let im = evenIm + oddIm * turn.re + oddRe * turn.im
                power[k] = re * re + im * im
            }
        }
    }

    // MARK: Passes

    // A pass of radix r takes sequences of `length` numbers, `stride` of which lie interleaved, apart into r times as
    // many of an r-th the length.

    private func pass5(length: Int, stride: Int, from x: Complexes, to y: Complexes) {
        let (c1, c2) = (Float(cos(0.4 * Double.pi)), Float(cos(0.8 * Double.pi)))
        let (s1, s2) = (Float(sin(0.4 * Double.pi)), Float(sin(0.8 * Double.pi)))
        let part = length / 5
        for j in 0..<part {
            let turn = (1...4).map { halfTurns[j * $0 * stride % Self.half] }
            let (w1, w2, w3, w4) = (turn[0], turn[1], turn[2], turn[3])
            for q in 0..<stride {
                func input(_ t: Int) -> (Lanes, Lanes) {
                    let place = q + stride * (j + part * t)
                    return (x.re[place], x.im[place])
                }
                let (a0r, a0i) = input(0)
                let (a1r, a1i) = input(1)
                let (a4r, a4i) = input(4)
                let (t1r, t1i, t3r, t3i) = (a1r + a4r, a1i + a4i, a1r - a4r, a1i - a4i)
                let (a2r, a2i) = input(2)
                let (a3r, a3i) = input(3)
                let (t2r, t2i, t4r, t4i) = (a2r + a3r, a2i + a3i, a2r - a3r, a2i - a3i)
                let to = q + stride * 5 * j
                y.re[to] = a0r + t1r + t2r
                y.im[to] = a0i + t1i + t2i
                let m1r = a0r + t1r * c1 + t2r * c2
                let m1i = a0i + t1i * c1 + t2i * c2
                let n1r = t3r * s1 + t4r * s2
                let n1i = t3i * s1 + t4i * s2
                store(m1r + n1i, m1i - n1r, times: w1, in: y, at: to + stride)
                store(m1r - n1i, m1i + n1r, times: w4, in: y, at: to + 4 * stride)
                let m2r = a0r + t1r * c2 + t2r * c1
                let m2i = a0i + t1i * c2 + t2i * c1
                let n2r = t3r * s2 - t4r * s1
                let n2i = t3i * s2 - t4i * s1
                store(m2r + n2i, m2i - n2r, times: w2, in: y, at: to + 2 * stride)
                store(m2r - n2i, m2i + n2r, times: w3, in: y, at: to + 3 * stride)
            }
        }
    }

    private func pass4(length: Int, stride: Int, from x: Complexes, to y: Complexes) {
        let part = length / 4
        for j in 0..<part {
            let (w1, w2) = (halfTurns[j * stride % Self.half], halfTurns[2 * j * stride % Self.half])
            let w3 = halfTurns[3 * j * stride % Self.half]
            for q in 0..<stride {
                let (p0, p1) = (q + stride * j, q + stride * (j + part))
                let (p2, p3) = (q + stride * (j + 2 * part), q + stride * (j + 3 * part))
                let (sumR, sumI) = (x.re[p0] + x.re[p2], x.im[p0] + x.im[p2])
                let (lessR, lessI) = (x.re[p0] - x.re[p2], x.im[p0] - x.im[p2])
                let (oddR, oddI) = (x.re[p1] + x.re[p3], x.im[p1] + x.im[p3])
                let (oddLessR, oddLessI) = (x.re[p1] - x.re[p3], x.im[p1] - x.im[p3])
                let to = q + stride * 4 * j
                y.re[to] = sumR + oddR
                y.im[to] = sumI + oddI
                store(lessR + oddLessI, lessI - oddLessR, times: w1, in: y, at: to + stride)
                store(sumR - oddR, sumI - oddI, times: w2, in: y, at: to + 2 * stride)
                store(lessR - oddLessI, lessI + oddLessR, times: w3, in: y, at: to + 3 * stride)
            }
        }
    }

    /// The last one: its sequences have two numbers.
    private func pass2(stride: Int, from x: Complexes, to y: Complexes) {
        for q in 0..<stride {
            let (firstR, firstI, secondR, secondI) = (x.re[q], x.im[q], x.re[q + stride], x.im[q + stride])
            y.re[q] = firstR + secondR
            y.im[q] = firstI + secondI
            y.re[q + stride] = firstR - secondR
            y.im[q + stride] = firstI - secondI
        }
    }

    @inline(__always)
    private func store(_ re: Lanes, _ im: Lanes, times turn: (re: Float, im: Float), in y: Complexes, at place: Int) {
        y.re[place] = re * turn.re - im * turn.im
        y.im[place] = re * turn.im + im * turn.re
    }
}
