import Inference
import RunnerProtocol
import Runners
import TestSupport
import Testing

@Suite("RunnerPool embeds, writes down and enlarges", .hangGuard)
struct OtherWorkTests {
    /// What is not a generation of text.
    enum Work: String, CaseIterable, Sendable {
        case embedding
        case transcription
        case upscaling

        /// Those that are answered whole, and so can be asked again.
        static let wholes = [embedding, upscaling]

        /// - Parameter forever: whether it is never done.
        func run(_ pool: RunnerPool, forever: Bool = false) async throws {
            switch self {
            case .embedding:
                let request = EmbeddingRequest(inputs: [.text(forever ? "wait" : "a")])
                let embeddings = try await pool.embed(request, with: model())
                #expect(embeddings == Embeddings(values: [1, 0], dimensions: 2, promptTokens: 1))
            case .transcription:
                var text = ""
                let events = try await pool.transcribe(
                    TranscriptionRequest(), file: forever ? "wait" : "a", with: model())
                for try await event in events {
                    if case .segment(let segment) = event { text += segment.text }
                }
                #expect(text == " a")
            case .upscaling:
                let picture = try await pool.upscale(forever ? [] : [7], with: model())
                #expect(picture == UpscaledPicture(png: [7], width: 4, height: 4))
            }
        }
    }

    @Test("with a process that twenty requests start once", arguments: Work.allCases)
    func startsOnce(work: Work) async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { try await work.run(pool) } }
                try await group.waitForAll()
            }
        }
        #expect(launcher.startCount == 1)
    }

    @Test("and counts the request as work until it is done or given up", arguments: Work.allCases)
    func isCounted(work: Work) async throws {
        try await withPool(FakeLauncher()) { pool, _ in
            try await work.run(pool)
            try await pool.holds(0, of: "tiny")
            let waiting = Task { try await work.run(pool, forever: true) }
            try await pool.holds(1, of: "tiny")
            waiting.cancel()
            try await pool.holds(0, of: "tiny")
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }

    @Test("on a share of the cores while another model works", arguments: Work.allCases)
    func sharesCores(work: Work) async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher, cores: 5) { pool, _ in
            var starts = launcher.starts.makeAsyncIterator()
            let waiting = Task { try await work.run(pool, forever: true) }
            let engine = try #require(await starts.next()).engine
            var threads = engine.threads.makeAsyncIterator()
            try await pool.holds(1, of: "tiny")
            let answering = try await pool.generate(.chat(question("wait")), with: model("a"))
            #expect(await threads.next() == 2)
            waiting.cancel()
            _ = await waiting.result
            withExtendedLifetime(answering) {}
        }
    }

    @Test("with a new process where the old one has died", arguments: Work.allCases)
    func asksAgain(work: Work) async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            try await work.run(pool)
            var starts = launcher.starts.makeAsyncIterator()
            try #require(await starts.next()).die()
            try await pool.forgets("tiny")
            try await work.run(pool)
        }
        #expect(launcher.startCount == 2)
    }

    @Test("once more where the process dies meanwhile, and then says that it could not", arguments: Work.wholes)
    func givesUp(work: Work) async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            let waiting = Task { try await work.run(pool, forever: true) }
            var starts = launcher.starts.makeAsyncIterator()
            for _ in 0..<2 {
                let start = try #require(await starts.next())
                try await pool.holds(1, of: "tiny")
                try await pool.isReady("tiny")
                start.die()
            }
            let error = await #expect(throws: InferenceError.self) { try await waiting.value }
            #expect(error?.kind == .unavailable)
        }
        #expect(launcher.startCount == 2)
    }

    @Test("and ends a transcription whose process dies, after the events that came")
    func transcriptionEnds() async throws {
        let launcher = FakeLauncher()
        try await withPool(launcher) { pool, _ in
            var events = try await pool.transcribe(TranscriptionRequest(), file: "wait", with: model())
                .makeAsyncIterator()
            #expect(try await events.next() == .began(.init(language: "en")))
            var starts = launcher.starts.makeAsyncIterator()
            try #require(await starts.next()).die()
            let error = await #expect(throws: InferenceError.self) { try await events.next() }
            #expect(error?.kind == .unavailable)
        }
        #expect(launcher.startCount == 1)
    }
}
