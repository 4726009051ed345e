import ModelImport
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

@Suite("Converting encoders of the BERT family")
struct BERTImportTests {
    /// The hidden state of each token of the golden texts, which are run as one batch, the shorter filled up.
    private func run(_ folder: String) throws -> [[Float]] {
        let texts = BERTGolden.texts
        let length = texts.map(\.count).max() ?? 0
        let core = try Core()
        let options = CompileOptions(device: .cpu, precision: .f32, threads: 1, streams: 1)
        let model = try core.compile(core.read(folder + "/model.xml"), options)
        let request = try model.makeRequest()
        func tensor(_ rows: [[Int64]]) throws -> Tensor<Int64> {
            let tensor = try Tensor<Int64>(shape: [rows.count, length])
            tensor.withMutableElements { elements in
                for (index, value) in rows.joined().enumerated() { elements[index] = value }
            }
            return tensor
        }
        func filled(_ rows: [[Int64]]) -> [[Int64]] {
            rows.map { $0 + [Int64](repeating: 0, count: length - $0.count) }
        }
        try request.setInput("input_ids", tensor(filled(texts)))
        try request.setInput("attention_mask", tensor(filled(texts.map { $0.map { _ in 1 } })))
        if try model.inputs.contains(where: { $0.name == "token_type_ids" }) {
            try request.setInput("token_type_ids", tensor(filled(texts.map { $0.map { _ in 0 } })))
        }
        try request.infer()
        let output: Tensor<Float> = try request.output("last_hidden_state")
        try #require(output.shape == [texts.count, length, TinyEncoder.width])
        return output.withElements { elements in
            texts.enumerated().map { index, text in
                let start = index * length * TinyEncoder.width
                return Array(elements[start..<(start + text.count * TinyEncoder.width)])
            }
        }
    }

    private func expect(_ encoder: TinyEncoder, gives golden: [[Float]], within limit: Float = 2e-5)
        throws
    {
        try withFolder { folder in
            try encoder.convert(in: folder)
            for (vector, wanted) in zip(try run(folder), golden) {
                try #require(vector.count == wanted.count)
                let difference = zip(vector, wanted).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
                #expect(difference < limit)
            }
        }
    }

    @Test("A BERT encoder gives numpy's hidden states for texts of two lengths in one batch")
    func bert() throws {
        try expect(TinyEncoder(family: .bert), gives: BERTGolden.bert)
    }

    @Test("GELU's approximation is used where the configuration names it")
    func approximateGELU() throws {
        try expect(
            TinyEncoder(family: .bert, activation: "gelu_new"), gives: BERTGolden.bertApproximate)
    }

    @Test("A RoBERTa encoder counts positions from after its padding's, and has one token type")
    func roberta() throws {
        try expect(TinyEncoder(family: .roberta, prefix: "roberta."), gives: BERTGolden.roberta)
    }

    @Test("A DistilBERT encoder, with its own names and no token types, gives numpy's hidden states")
    func distilbert() throws {
        try expect(TinyEncoder(family: .distilbert, activation: "relu"), gives: BERTGolden.distilbert)
    }

    @Test("A nomic encoder rotates positions, and has a gate in place of biases")
    func nomic() throws {
        try expect(TinyEncoder(family: .nomic, activation: "swiglu"), gives: BERTGolden.nomic)
    }

    @Test("One with biases, and another gate, gives numpy's hidden states too")
    func nomicWithBiases() throws {
        try expect(
            TinyEncoder(family: .nomic, activation: "geglu", hasBiases: true), gives: BERTGolden.nomicWithBiases)
    }

    @Test("Weights of 16 bits give the same, where they have the same values")
    func narrowWeights() throws {
        try expect(TinyEncoder(family: .bert, weights: .f16), gives: BERTGolden.bert)
        try expect(TinyEncoder(family: .bert, weights: .bf16), gives: BERTGolden.bert)
        try expect(TinyEncoder(family: .nomic, activation: "swiglu", weights: .f16), gives: BERTGolden.nomic)
    }

    @Test("The same files give the same bytes")
    func deterministic() throws {
        try withFolder { first in
            try withFolder { second in
                try TinyEncoder(family: .bert).convert(in: first)
                try TinyEncoder(family: .bert).convert(in: second)
                for name in ["/model.xml", "/model.bin"] {
                    #expect(try contents(first + name) == contents(second + name))
                }
            }
        }
    }
}
