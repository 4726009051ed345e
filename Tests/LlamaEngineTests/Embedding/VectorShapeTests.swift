import Inference
import LlamaEngine
import Testing

@Suite("VectorShape")
struct VectorShapeTests {
    @Test("Without a wish vectors have the model's own length")
    func ownLength() throws {
        #expect(try VectorShape(dimensions: 384, shortensVectors: false).dimensions(asked: nil) == 384)
        #expect(try VectorShape(dimensions: 768, shortensVectors: true).dimensions(asked: nil) == 768)
    }

    @Test("A model trained for it gives shorter vectors, down to one component")
    func shorterVectors() throws {
        let shape = VectorShape(dimensions: 768, shortensVectors: true)
        for length in [1, 64, 768] { #expect(try shape.dimensions(asked: length) == length) }
    }

    @Test("Lengths that the model has not are refused", arguments: [0, -1, 769])
    func impossibleLengths(length: Int) {
        let error = #expect(throws: InferenceError.self) {
            try VectorShape(dimensions: 768, shortensVectors: true).dimensions(asked: length)
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "dimensions")
    }

    @Test("A model not trained for it refuses any wish")
    func untrainedModels() {
        let error = #expect(throws: InferenceError.self) {
            try VectorShape(dimensions: 384, shortensVectors: false).dimensions(asked: 128)
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.parameter == "dimensions")
        #expect(error?.message.contains("384") == true)
    }

    @Test("Each vector has unit length")
    func unitLength() throws {
        let shape = VectorShape(dimensions: 2, shortensVectors: false)
        let vectors = try shape.unitVectors([3, 4, 0, -2], dimensions: 2)
        #expect(vectors == [0.6, 0.8, 0, -1])
    }

    @Test("Shortened vectors have unit length again")
    func shortenedUnitLength() throws {
        let shape = VectorShape(dimensions: 3, shortensVectors: true)
        let vectors = try shape.unitVectors([3, 4, 12, 0, 5, 1], dimensions: 2)
        #expect(vectors == [0.6, 0.8, 0, 1])
    }

    @Test("A vector without a direction is a fault of the engine", arguments: [Float(0), .nan, .infinity])
    func noDirection(component: Float) {
        let error = #expect(throws: InferenceError.self) {
            try VectorShape(dimensions: 1, shortensVectors: false).unitVectors([component], dimensions: 1)
        }
        #expect(error?.kind == .internal)
    }
}
