import Inference
import SystemSupport

/// Deals the texts and pictures of all requests out in batches, each of one kind, to the lanes that are free.
///
/// Which ones a batch holds ``Inference/EmbeddingQueue`` says: a short query is in the next batch, however large the job
/// before it. What has been cancelled is dropped between batches.
package final class CLIPScheduler: Sendable {
    package enum Input: Sendable, Equatable {
        /// Tokens, no more than the context holds.
        case text([Int32])
        /// Values of the vision tower's input.
        case picture([Float])
    }

    /// A batch for a lane.
    package struct Work: Sendable, Equatable {
        package var lane: Int
        /// Of one kind.
        package var inputs: [Input]
        /// Tokens that the longest text is rounded up to.
        package var rowLength: Int
        fileprivate var places: [EmbeddingQueue.Text]
    }

    private struct State {
        var queue: EmbeddingQueue
        var jobs: [Int: CLIPJob] = [:]
        var freeLanes: [Int]
        /// Lanes that may be busy at once.
        var allowedLanes: Int
        /// Who waits for work to deal out.
        var dealer: CheckedContinuation<Work?, Never>?
        var isStopping = false
        var steps = 0
        var promptTokens = 0

        mutating func drop(_ number: Int) {
            queue.remove(number)
            jobs[number] = nil
        }
    }

    private let state: Locked<State>
    private let laneCount: Int
    private let maximumRows: Int
    /// What a picture costs, in tokens of text.
    private let pictureCost: Int
    /// Pictures, or as many tokens as they are worth, in one batch. More is hardly faster, and keeps others waiting.
    package static let picturesInBatch = 8

    /// - Parameters:
    ///   - rowLengths: tokens that texts are rounded up to, ascending; the last is the longest text's.
    ///   - maximumRows: the most inputs in a batch.
    ///   - lanes: how many there are.
    package init(rowLengths: [Int], maximumRows: Int = .max, lanes: Int) {
        // About what ViT-B/32 computes for a picture; so much more than any text that no text joins a batch of pictures.
        pictureCost = max(128, 2 * (rowLengths.last ?? 0))
        self.maximumRows = maximumRows
        laneCount = lanes
        state = Locked(
            State(
                queue: EmbeddingQueue(padding: .upTo(rowLengths + [pictureCost])),
                freeLanes: Array((0..<lanes).reversed()), allowedLanes: lanes))
    }

    // MARK: The requests' side

    /// Computes vectors.
    ///
    /// - Returns: row after row, not of unit length.
    /// - Throws: what the batch failed with, `CancellationError`, or ``Inference/InferenceError`` of kind `unavailable`
    ///   after ``stop()``.
    package func vectors(of inputs: [Input]) async throws -> [Float] {
        guard !inputs.isEmpty else { return [] }
        let job = CLIPJob(inputs)
        let number = try add(job)
        return try await withTaskCancellationHandler {
            try await job.vectors()
        } onCancel: {
            change { $0.drop(number) }
            job.end(.failure(CancellationError()))
        }
    }

    private func add(_ job: CLIPJob) throws(InferenceError) -> Int {
        try change { state throws(InferenceError) in
            guard !state.isStopping else { throw Self.stopped }
            let number = state.queue.add(job.inputs.map(cost))
            state.jobs[number] = job
            return number
        }
    }

    private func cost(_ input: Input) -> Int {
        switch input {
        case .text(let tokens): tokens.count
        case .picture: pictureCost
        }
    }

    /// Lets so many lanes be busy at once from the next batch on; at least one, at most all.
    package func allowLanes(_ count: Int) {
        change { $0.allowedLanes = min(max(1, count), laneCount) }
    }

    /// Fails what is in flight. What a lane computes at the time is still finished, for nobody.
    package func stop() {
        let jobs = change { state in
            state.isStopping = true
            defer { state.jobs = [:] }
            for number in state.jobs.keys { state.queue.remove(number) }
            return Array(state.jobs.values)
        }
        for job in jobs { job.end(.failure(Self.stopped)) }
    }

    /// Batches and tokens that were computed.
    package var progress: (steps: Int, promptTokens: Int) {
        state.withLock { ($0.steps, $0.promptTokens) }
    }

    /// Inputs that no lane has begun with.
    package var waiting: Int { state.withLock { $0.queue.count } }

    private static let stopped = InferenceError(.unavailable, "The model is being unloaded; try again.")

    // MARK: The lanes' side

    /// Deals out work until ``stop()``, and returns when all of it is done.
    ///
    /// - Parameter compute: the vectors of a batch, row after row; called for as many lanes at once as may be busy.
    package func run(_ compute: @escaping @Sendable (Work) async throws -> [Float]) async {
        await withDiscardingTaskGroup { group in
            while let work = await next() {
                group.addTask {
                    do {
                        self.finish(work, .success(try await compute(work)))
                    } catch {
                        self.finish(work, .failure(error))
                    }
                }
            }
        }
    }

    /// Waits for a batch and a free lane; `nil` at the end.
    private func next() async -> Work? {
        await withCheckedContinuation { continuation in
            change { state in
                precondition(state.dealer == nil, "one deals out work")
                state.dealer = continuation
            }
        }
    }

    private func finish(_ work: Work, _ result: Result<[Float], any Error>) {
        let jobs = change { state in
            state.freeLanes.append(work.lane)
            let jobs = work.places.map { state.jobs[$0.request] }
            switch result {
            case .success:
                state.steps += 1
                state.promptTokens += work.inputs.reduce(0) { $0 + $1.tokenCount }
            case .failure:
                // What else they wait for is not computed.
                for place in work.places { state.drop(place.request) }
            }
            return jobs
        }
        for (row, (place, job)) in zip(work.places, jobs).enumerated() {
            guard let job else { continue }
            switch result {
            case .failure(let error): job.end(.failure(error))
            case .success(let vectors):
                let width = vectors.count / work.inputs.count
                job.keep(vectors[row * width..<(row + 1) * width], at: place.index)
                if job.hasEnded { change { $0.drop(place.request) } }
            }
        }
    }

    /// Changes the state, and hands work to who waits for it if that made it possible.
    private func change<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        var dealt: (dealer: CheckedContinuation<Work?, Never>, work: Work?)?
        let result = try state.withLock { state throws(Failure) in
            let result = try body(&state)
            if let dealer = state.dealer {
                let work = takeWork(&state)
                if work != nil || state.isStopping {
                    state.dealer = nil
                    dealt = (dealer, work)
                }
            }
            return result
        }
        dealt?.dealer.resume(returning: dealt?.work)
        return result
    }

    private func takeWork(_ state: inout State) -> Work? {
        guard !state.isStopping, laneCount - state.freeLanes.count < state.allowedLanes,
            // Batches of few tokens are topped up with shorter texts; one of pictures is never worth so little.
            let batch = state.queue.next(
                tokenBudget: Self.picturesInBatch * pictureCost, maximumTexts: maximumRows, worthwhile: pictureCost),
            let lane = state.freeLanes.popLast()
        else { return nil }
        // The queue knows no request but those here.
        let inputs = batch.texts.compactMap { state.jobs[$0.request]?.inputs[$0.index] }
        precondition(inputs.count == batch.texts.count, "every request in the queue has a job")
        return Work(lane: lane, inputs: inputs, rowLength: batch.rowLength, places: batch.texts)
    }
}

extension CLIPScheduler.Input {
    /// Pictures have none.
    fileprivate var tokenCount: Int {
        switch self {
        case .text(let tokens): tokens.count
        case .picture: 0
        }
    }
}
