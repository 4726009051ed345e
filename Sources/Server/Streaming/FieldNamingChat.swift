import Inference
import ModelStore
import RunnerProtocol
import Runners

/// A chat service whose errors name the fields of another API.
///
/// Engines name the fields of a chat completion; the same fault of another endpoint's request lies in another field.
struct FieldNamingChat: ChatService {
    let base: any ChatService
    /// The endpoint's name of a chat completion's field, given as a path such as `messages[3].content`.
    let field: @Sendable (String) -> String

    func generate(
        _ request: GenerationRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> StartedGeneration {
        do {
            var running = try await base.generate(request, with: model, traceparent: traceparent)
            running.events = GenerationEvents(RenamedEvents(base: running.events, field: field))
            return running
        } catch let error as InferenceError {
            throw error.naming(field)
        }
    }

    func keep(_ model: InstalledModel, for time: KeepAlive) async {
        await base.keep(model, for: time)
    }

    func statistics() async -> [RunnerStatus] {
        await base.statistics()
    }
}

/// Events whose errors name other fields.
private struct RenamedEvents: AsyncSequence, Sendable {
    typealias Element = [GenerationEvent]

    let base: GenerationEvents
    let field: @Sendable (String) -> String

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), field: field)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: GenerationEvents.AsyncIterator
        let field: @Sendable (String) -> String

        mutating func next() async throws -> [GenerationEvent]? {
            do {
                return try await base.next()
            } catch let error as InferenceError {
                throw error.naming(field)
            }
        }
    }
}
