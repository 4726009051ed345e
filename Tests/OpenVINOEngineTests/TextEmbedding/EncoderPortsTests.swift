import Inference
import OpenVINOEngine
import OpenVINORuntime
import Testing

@Suite("What makes a graph a text encoder")
struct EncoderPortsTests {
    private func port(_ name: String, _ type: ElementType, _ shape: [Int?]) -> Port {
        Port(name: name, elementType: type, shape: shape)
    }

    private var inputs: [Port] {
        [port("input_ids", .int64, [nil, nil]), port("attention_mask", .int64, [nil, nil])]
    }

    @Test("states are pooled here, vectors come pooled")
    func choosesTheOutput() throws {
        let states = port("last_hidden_state", .float32, [nil, nil, 384])
        let pooler = port("pooler_output", .float32, [nil, 384])
        let tokens = port("token_embeddings", .float32, [nil, nil, 384])
        let sentence = port("sentence_embedding", .float32, [nil, 256])
        func chosen(_ outputs: Port...) throws -> EncoderPorts { try EncoderPorts(inputs: inputs, outputs: outputs) }
        #expect(try chosen(pooler, states).output == "last_hidden_state")
        #expect(try chosen(states).isPooled == false)
        #expect(try chosen(tokens, sentence).output == "sentence_embedding")
        #expect(try chosen(tokens, sentence).isPooled)
        #expect(try chosen(tokens, sentence).width == 256)
        #expect(try chosen(port("1607", .float32, [nil, nil, 8])).output == "1607")
    }

    @Test("fixed rows and lengths are found")
    func findsFixedShapes() throws {
        let states = [port("last_hidden_state", .float32, [1, 128, 384])]
        let ports = try EncoderPorts(inputs: [port("input_ids", .int32, [1, 128])], outputs: states)
        #expect(ports.rows == 1 && ports.length == 128)
        #expect(ports.inputs == [.init(role: .tokens, isWide: false)])
    }

    @Test("other graphs are refused, with the reason")
    func refusesOtherGraphs() {
        let states = [port("last_hidden_state", .float32, [nil, nil, 384])]
        func refusal(_ inputs: [Port], _ outputs: [Port]) -> String {
            let error = #expect(throws: InferenceError.self) { try EncoderPorts(inputs: inputs, outputs: outputs) }
            #expect(error?.kind == .unsupported)
            return error?.message ?? ""
        }
        #expect(refusal(inputs + [port("pixel_values", .float32, [nil])], states).contains("pixel_values"))
        #expect(refusal([inputs[1]], states).contains("no input input_ids"))
        #expect(refusal(inputs, [port("pooler_output", .float32, [nil, 384])]).contains("no output"))
        #expect(refusal(inputs, [port("last_hidden_state", .float16, [nil, nil, 384])]).contains("float16"))
    }
}
