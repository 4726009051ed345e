import Inference
import OpenVINOEngine
import TestSupport
import Testing

@Suite("Batches of texts and pictures", .hangGuard)
struct CLIPSchedulerTests {
    /// Batches as lanes get them; the test answers each when it likes.
    private struct Lanes {
        typealias Answer = CheckedContinuation<[Float], any Error>

        let scheduler: CLIPScheduler
        let running: Task<Void, Never>
        var batches: AsyncStream<(work: CLIPScheduler.Work, answer: Answer)>.Iterator

        init(count: Int = 1) {
            let scheduler = CLIPScheduler(rowLengths: [8, 77], lanes: count)
            let (stream, batches) = AsyncStream.makeStream(of: (work: CLIPScheduler.Work, answer: Answer).self)
            self.scheduler = scheduler
            self.batches = stream.makeAsyncIterator()
            running = Task {
                await scheduler.run { work in
                    try await withCheckedThrowingContinuation { batches.yield((work, $0)) }
                }
                batches.finish()
            }
        }

        /// Begins a request.
        func request(_ inputs: [CLIPScheduler.Input]) -> Task<[Float], any Error> {
            Task { [scheduler] in try await scheduler.vectors(of: inputs) }
        }

        mutating func next() async throws -> (work: CLIPScheduler.Work, answer: Answer) {
            try #require(await batches.next())
        }

        /// Waits until so many inputs wait.
        func until(waiting count: Int) async throws {
            try await eventually("\(count) inputs wait") { scheduler.waiting == count }
        }

        func stop() async {
            scheduler.stop()
            await running.value
        }
    }

    private func text(_ length: Int, _ token: Int32 = 1) -> CLIPScheduler.Input {
        .text(Array(repeating: token, count: length))
    }

    private func picture(_ value: Float) -> CLIPScheduler.Input { .picture([value]) }

    /// A vector of one component that tells inputs apart.
    private func vectors(_ work: CLIPScheduler.Work) -> [Float] {
        work.inputs.map { input in
            switch input {
            case .text(let tokens): Float(tokens.count)
            case .picture(let values): values[0]
            }
        }
    }

    @Test("vectors come back in the order of the inputs, whatever the batches")
    func order() async throws {
        var lanes = Lanes()
        let result = lanes.request([text(3), picture(-1), text(50), text(5), picture(-2)])
        for _ in 0..<2 {
            let (work, answer) = try await lanes.next()
            answer.resume(returning: vectors(work))
        }
        #expect(try await result.value == [3, -1, 50, 5, -2])
        await lanes.stop()
    }

    @Test("a batch is of one kind, and has no more pictures than are worth it")
    func oneKind() async throws {
        var lanes = Lanes()
        let pictures = (0..<20).map { picture(Float($0)) }
        let result = lanes.request([text(3), text(4)] + pictures)
        var sizes: [Int] = []
        for _ in 0..<4 {
            let (work, answer) = try await lanes.next()
            let count = work.inputs.count { if case .picture = $0 { true } else { false } }
            #expect(count == 0 || count == work.inputs.count)
            sizes.append(work.inputs.count)
            answer.resume(returning: vectors(work))
        }
        #expect(sizes == [8, 8, 4, 2])
        #expect(try await result.value.count == 22)
        await lanes.stop()
    }

    @Test("inputs of several requests share a batch")
    func sharing() async throws {
        var lanes = Lanes()
        let first = lanes.request([picture(0)])
        let (work, answer) = try await lanes.next()
        let second = lanes.request([text(3)])
        let third = lanes.request([text(4)])
        try await lanes.until(waiting: 2)
        answer.resume(returning: vectors(work))
        let shared = try await lanes.next()
        #expect(shared.work.inputs.count == 2)
        shared.answer.resume(returning: vectors(shared.work))
        #expect(try await [first.value, second.value, third.value] == [[0], [3], [4]])
        await lanes.stop()
    }

    @Test("a short query is in the next batch, however large the job before it")
    func fairness() async throws {
        var lanes = Lanes()
        let large = lanes.request((0..<24).map { picture(Float($0)) })
        let first = try await lanes.next()
        let query = lanes.request([text(5)])
        try await lanes.until(waiting: 17)
        first.answer.resume(returning: vectors(first.work))
        let second = try await lanes.next()
        #expect(second.work.inputs == [text(5)])
        second.answer.resume(returning: vectors(second.work))
        #expect(try await query.value == [5])
        for _ in 0..<2 {
            let (work, answer) = try await lanes.next()
            answer.resume(returning: vectors(work))
        }
        #expect(try await large.value.count == 24)
        await lanes.stop()
    }

    @Test("what is cancelled is not computed any further")
    func cancellation() async throws {
        var lanes = Lanes()
        let scheduler = lanes.scheduler
        let large = lanes.request((0..<24).map { picture(Float($0)) })
        let first = try await lanes.next()
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
        #expect(scheduler.waiting == 0)
        first.answer.resume(returning: vectors(first.work))
        let next = lanes.request([text(6)])
        let second = try await lanes.next()
        #expect(second.work.inputs == [text(6)])
        second.answer.resume(returning: vectors(second.work))
        #expect(try await next.value == [6])
        await lanes.stop()
    }

    @Test("a batch that fails ends the requests it was for, and no others")
    func failure() async throws {
        var lanes = Lanes()
        let failing = lanes.request((0..<9).map { picture(Float($0)) })
        let first = try await lanes.next()
        let other = lanes.request([text(7)])
        try await lanes.until(waiting: 2)
        first.answer.resume(throwing: InferenceError(.internal, "out of order"))
        await #expect(throws: InferenceError(.internal, "out of order")) { try await failing.value }
        let second = try await lanes.next()
        #expect(second.work.inputs == [text(7)])
        second.answer.resume(returning: vectors(second.work))
        #expect(try await other.value == [7])
        await lanes.stop()
    }

    @Test("as many lanes are busy as may be")
    func lanes() async throws {
        var lanes = Lanes(count: 2)
        lanes.scheduler.allowLanes(1)
        let result = lanes.request((0..<24).map { picture(Float($0)) })
        let first = try await lanes.next()
        #expect(lanes.scheduler.waiting == 16)
        lanes.scheduler.allowLanes(2)
        let second = try await lanes.next()
        #expect(first.work.lane != second.work.lane)
        #expect(lanes.scheduler.waiting == 8)
        first.answer.resume(returning: vectors(first.work))
        second.answer.resume(returning: vectors(second.work))
        let third = try await lanes.next()
        third.answer.resume(returning: vectors(third.work))
        #expect(try await result.value.count == 24)
        await lanes.stop()
    }

    @Test("stopping fails what is in flight and what comes later")
    func stopping() async throws {
        var lanes = Lanes()
        let scheduler = lanes.scheduler
        let result = lanes.request((0..<9).map { picture(Float($0)) })
        let first = try await lanes.next()
        scheduler.stop()
        await #expect(throws: InferenceError.self) { try await result.value }
        first.answer.resume(returning: vectors(first.work))
        await lanes.running.value
        await #expect(throws: InferenceError.self) { try await scheduler.vectors(of: [text(1)]) }
    }

    @Test("no inputs have no vectors")
    func nothing() async throws {
        let lanes = Lanes()
        #expect(try await lanes.scheduler.vectors(of: []).isEmpty)
        await lanes.stop()
    }
}
