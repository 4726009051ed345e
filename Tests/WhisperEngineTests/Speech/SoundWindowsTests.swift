import Testing
import WhisperEngine

@Suite struct SoundWindowsTests {
    /// The frames of all windows, each beginning where the last one ended.
    private func windows(_ samples: [Float]) throws -> [Range<Int>] {
        let windows = SoundWindows(MadeSound(samples), bands: 80)
        var found: [Range<Int>] = []
        while let window = try windows.next(from: found.last?.upperBound ?? 0) { found.append(window.frames) }
        return found
    }

    @Test func `digital silence has no window`() throws {
        #expect(try windows(Sounds.silence(95)) == [])
    }

    @Test(arguments: [1e-4, 1e-3, 5e-3] as [Float]) func `low steady noise has no window`(level: Float) throws {
        #expect(try windows(Sounds.noise(95, level: level)) == [])
    }

    @Test func `loud noise is the model's to judge`() throws {
        #expect(try windows(Sounds.noise(40, level: 0.1)).first == 0..<3000)
    }

    @Test func `speech is heard from its beginning to its end`() throws {
        let found = try windows(Sounds.babble(45))
        #expect(found.first == 0..<3000)
        #expect(found.last?.upperBound == 4500)
    }

    @Test(arguments: [0, 1e-3] as [Float]) func `a long pause is passed over`(level: Float) throws {
        let quiet = Sounds.noise(120, level: max(level, 1e-9))
        var samples = quiet
        for (index, sample) in Sounds.babble(5).enumerated() { samples[index + 100 * 16_000] += sample }
        let found = try windows(samples)
        #expect(found.count == 1)
        let frames = try #require(found.first)
        #expect((9_900...10_000).contains(frames.lowerBound))
        #expect((10_490...10_600).contains(frames.upperBound))
    }

    @Test func `quiet speech over quieter noise is heard`() throws {
        var samples = Sounds.noise(20, level: 3e-4)
        for (index, sample) in Sounds.babble(5, level: 2e-3).enumerated() { samples[index + 10 * 16_000] += sample }
        #expect(try windows(samples).first.map { (900...1000).contains($0.lowerBound) } == true)
    }

    @Test func `a short pause is not`() throws {
        let found = try windows(Sounds.babble(5) + Sounds.silence(1.5) + Sounds.babble(5))
        #expect(found == [0..<1150])
    }

    /// Ten frames of 160 samples are the least that is heard.
    @Test(arguments: [0, 1, 100, 399, 400, 1_599]) func `hardly any sound has no window, and is counted`(
        count: Int
    ) throws {
        let windows = SoundWindows(MadeSound([Float](repeating: 0.5, count: count)), bands: 80)
        #expect(try windows.next(from: 0) == nil)
        #expect(windows.seconds == Double(count) / 16_000)
    }

    @Test func `what is read is counted to the end`() throws {
        let windows = SoundWindows(MadeSound(Sounds.silence(12.5)), bands: 80)
        #expect(try windows.next(from: 0) == nil)
        #expect(windows.seconds == 12.5)
    }
}
