import Foundation
import Testing

/// A streamed reply put together again, as a client does.
struct StreamedAnswers {
    struct Choice: Equatable {
        var role: String?
        var text = ""
        var reasoning = ""
        /// Id, name and arguments of each call.
        var calls: [[String]] = []
        var functionCall: [String]?
        var tokens: [String] = []
        var reason: String?
    }

    private(set) var choices: [Int: Choice] = [:]
    private(set) var usage: [String: Any]?
    /// Whether the mark of the end came, and came last.
    let isComplete: Bool

    init(_ body: String) throws {
        var events = body.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { String($0.dropFirst(6)) }
        isComplete = events.last == "[DONE]"
        if isComplete { events.removeLast() }
        for event in events {
            let chunk = try #require(JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
            #expect(chunk["object"] as? String == "chat.completion.chunk")
            let choices = try #require(chunk["choices"] as? [[String: Any]])
            #expect(choices.count <= 1)
            for choice in choices { try add(choice) }
            if let usage = chunk["usage"] as? [String: Any] { self.usage = usage }
        }
    }

    private mutating func add(_ json: [String: Any]) throws {
        let index = try #require(json["index"] as? Int)
        #expect(json["logprobs"] != nil && json["finish_reason"] != nil)
        var choice = choices[index, default: Choice()]
        let delta = try #require(json["delta"] as? [String: Any])
        if let role = delta["role"] as? String { choice.role = role }
        choice.text += delta["content"] as? String ?? ""
        choice.reasoning += delta["reasoning_content"] as? String ?? ""
        for call in delta["tool_calls"] as? [[String: Any]] ?? [] {
            let place = try #require(call["index"] as? Int)
            let function = try #require(call["function"] as? [String: Any])
            if place == choice.calls.count {
                #expect(call["type"] as? String == "function")
                let id = try #require(call["id"] as? String)
                let name = try #require(function["name"] as? String)
                choice.calls.append([id, name, ""])
            }
            choice.calls[place][2] += function["arguments"] as? String ?? ""
        }
        if let call = delta["function_call"] as? [String: Any] {
            if choice.functionCall == nil { choice.functionCall = [try #require(call["name"] as? String), ""] }
            choice.functionCall?[1] += call["arguments"] as? String ?? ""
        }
        if let logprobs = json["logprobs"] as? [String: Any] {
            #expect(logprobs["refusal"] is NSNull)
            let content = try #require(logprobs["content"] as? [[String: Any]])
            choice.tokens += try content.map { try #require($0["token"] as? String) }
        }
        if let reason = json["finish_reason"] as? String {
            #expect(choice.reason == nil)
            choice.reason = reason
        }
        choices[index] = choice
    }

    /// The choices of a reply that did not stream, in the same terms.
    static func whole(_ json: [String: Any]) throws -> [Int: Choice] {
        var choices: [Int: Choice] = [:]
        for choice in try #require(json["choices"] as? [[String: Any]]) {
            let message = try #require(choice["message"] as? [String: Any])
            #expect(message.keys.contains("content") && message["refusal"] is NSNull)
            var gathered = Choice()
            gathered.role = message["role"] as? String
            gathered.text = message["content"] as? String ?? ""
            gathered.reasoning = message["reasoning_content"] as? String ?? ""
            for call in message["tool_calls"] as? [[String: Any]] ?? [] {
                let function = try #require(call["function"] as? [String: String])
                gathered.calls.append([
                    call["id"] as? String ?? "", function["name"] ?? "", function["arguments"] ?? "",
                ])
            }
            if let call = message["function_call"] as? [String: String] {
                gathered.functionCall = [call["name"] ?? "", call["arguments"] ?? ""]
            }
            if let logprobs = choice["logprobs"] as? [String: Any] {
                gathered.tokens = try #require(logprobs["content"] as? [[String: Any]]).compactMap {
                    $0["token"] as? String
                }
            }
            gathered.reason = choice["finish_reason"] as? String
            choices[try #require(choice["index"] as? Int)] = gathered
        }
        return choices
    }
}
