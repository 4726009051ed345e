import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("A streamed response")
struct ResponseStreamTests {
    /// The events of a stream; each has its type as its name, and its place in the sequence.
    static func events(_ body: String) throws -> [[String: Any]] {
        try body.components(separatedBy: "\n\n").filter { !$0.isEmpty }.enumerated().map { index, event in
            let lines = event.components(separatedBy: "\n")
            try #require(lines.count == 2 && lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "))
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(lines[1].dropFirst(6).utf8)) as? [String: Any])
            #expect(json["type"] as? String == String(lines[0].dropFirst(7)))
            #expect(json["sequence_number"] as? Int == index)
            return json
        }
    }

    @Test("tells of everything in its order")
    func order() async throws {
        let reply = try await Surface(FakeChat([ResponseTests.all, .end(.toolCalls)])).respond(#""stream": true"#)
        #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
        let types = try Self.events(reply.body).compactMap { ($0["type"] as? String)?.dropFirst("response.".count) }
        #expect(
            types == [
                "created", "in_progress",
                "output_item.added", "content_part.added", "reasoning_text.delta", "reasoning_text.delta",
                "reasoning_text.done", "content_part.done", "output_item.done",
                "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
                "output_text.done", "content_part.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
                "function_call_arguments.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.done",
                "output_item.done",
                "completed",
            ])
        #expect(!reply.body.contains("[DONE]"))
    }

    @Test("begins its items empty and in progress")
    func beginnings() async throws {
        let reply = try await Surface(FakeChat([ResponseTests.all, .end(.toolCalls)])).respond(#""stream": true"#)
        let added = try Self.events(reply.body).filter { $0["type"] as? String == "response.output_item.added" }
        let items = added.compactMap { $0["item"] as? [String: Any] }
        #expect(items.allSatisfy { $0["status"] as? String == "in_progress" })
        #expect(items.compactMap { ($0["content"] as? [Any])?.count } == [0, 0])
        #expect(items.compactMap { $0["arguments"] as? String } == ["", ""])
        #expect(added.map { $0["output_index"] as? Int } == [0, 1, 2, 3])
    }

    @Test("adds up to the items that the whole response has")
    func sums() async throws {
        let reply = try await Surface(FakeChat([ResponseTests.all, .end(.toolCalls)])).respond(#""stream": true"#)
        let events = try Self.events(reply.body)
        var grown: [String: String] = [:]
        var done: [String: [String: Any]] = [:]
        for event in events {
            if let delta = event["delta"] as? String {
                grown[try #require(event["item_id"] as? String), default: ""] += delta
            }
            if event["type"] as? String == "response.output_item.done", let item = event["item"] as? [String: Any] {
                done[try #require(item["id"] as? String)] = item
            }
        }
        let response = try #require(events.last?["response"] as? [String: Any])
        let output = try #require(response["output"] as? [[String: Any]])
        #expect(output.count == 4)
        for item in output {
            let id = try #require(item["id"] as? String)
            let text = (item["content"] as? [[String: Any]])?.first?["text"] as? String ?? item["arguments"] as? String
            #expect(grown[id] == text)
            #expect(NSDictionary(dictionary: item) == NSDictionary(dictionary: try #require(done[id])))
        }
        #expect((response["usage"] as? [String: Any])?["total_tokens"] as? Int == 8)
        let whole = try await Surface(FakeChat([ResponseTests.all, .end(.toolCalls)])).respond().output()
        #expect(whole.map { $0["content"] as? NSArray } == output.map { $0["content"] as? NSArray })
        #expect(whole.map { $0["arguments"] as? String } == output.map { $0["arguments"] as? String })
    }

    @Test("has one identity, and no output or usage before its end")
    func lifecycle() async throws {
        let reply = try await Surface(FakeChat([[.text("a")], .end(.length)])).respond(#""stream": true"#)
        let events = try Self.events(reply.body)
        let responses = events.compactMap { $0["response"] as? [String: Any] }
        #expect(responses.map { $0["status"] as? String } == ["in_progress", "in_progress", "incomplete"])
        #expect(Set(responses.compactMap { $0["id"] as? String }).count == 1)
        #expect(responses.map { ($0["output"] as? [Any])?.count } == [0, 0, 1])
        #expect(responses.dropLast().allSatisfy { $0["usage"] is NSNull })
        #expect(events.last?["type"] as? String == "response.incomplete")
    }

    @Test("keeps each event on one line, however its request was written")
    func lines() async throws {
        let reply = try await Surface().respond(
            "\"stream\": true, \"tools\": [\r\n{\"type\": \"function\",\n\"name\": \"f\",\r\"parameters\": {\n}}]")
        #expect(reply.status == 200)
        _ = try Self.events(reply.body)
    }

    @Test("that breaks ends as failed, and with the error as clients look for it")
    func broken() async throws {
        let error = InferenceError(.unavailable, "Gone.", parameter: "messages")
        let reply = try await Surface(FakeChat([[.text("a")]], then: error)).respond(#""stream": true"#)
        let events = try Self.events(reply.body)
        let failed = try #require(events[events.count - 2]["response"] as? [String: Any])
        #expect(failed["status"] as? String == "failed")
        #expect((failed["error"] as? [String: Any])?["code"] as? String == "server_error")
        let last = try #require(events.last)
        #expect(last["type"] as? String == "error")
        #expect(last["message"] as? String == "Gone.")
        #expect(last["param"] as? String == "input")
        #expect((last["error"] as? [String: Any])?["code"] as? String == "model_unavailable")
    }
}
