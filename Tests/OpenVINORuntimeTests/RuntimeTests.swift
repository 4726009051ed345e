import Foundation
import Inference
import OpenVINORuntime
import TestSupport
import Testing

@Suite("OpenVINO's runtime")
struct RuntimeTests {
    let folder: TemporaryFolder
    let core: Core

    init() throws {
        folder = try TemporaryFolder()
        core = try Core()
    }

    private func compiled(_ options: CompileOptions = .init(precision: .f32, threads: 1)) throws -> CompiledModel {
        try core.compile(core.read(folder.write("doubling.xml", TinyModels.doubling)), options)
    }

    @Test("a model is read, compiled and run, and its output is read in place")
    func runsAModel() throws {
        let request = try compiled().makeRequest()
        let input = try Tensor<Float>(shape: [2, 3])
        input.withMutableElements { for index in $0.indices { $0[index] = Float(index) } }
        try request.setInput("x", input)
        try request.infer()
        let output = try request.output("y", as: Float.self)
        #expect(output.shape == [2, 3])
        #expect(output.withElements(Array.init) == [0, 2, 4, 6, 8, 10])
    }

    @Test("a dynamic extent may differ from run to run")
    func takesAnotherShape() throws {
        let request = try compiled().makeRequest()
        let input = try Tensor<Float>(shape: [4, 3])
        input.withMutableElements { $0.update(repeating: 1) }
        try request.setInput("x", input)
        try request.infer()
        try input.reshape([1, 3])
        try request.setInput("x", input)
        try request.infer()
        #expect(try request.output("y", as: Float.self).shape == [1, 3])
    }

    @Test("a model's inputs and outputs are told with names, types and extents")
    func describesPorts() throws {
        let model = try core.read(folder.write("doubling.xml", TinyModels.doubling))
        #expect(try model.inputs.map(\.name) == ["x"])
        #expect(try model.inputs[0].elementType == .float32)
        #expect(try model.inputs[0].shape == [nil, 3])
        #expect(try model.outputs.map(\.name) == ["y"])
        try model.reshape(["x": [5, 3]])
        #expect(try model.outputs[0].shape == [5, 3])
    }

    @Test("a tensor over memory of the caller's is read and written without copies")
    func computesInMemoryOfTheCaller() throws {
        final class Memory {
            let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3)
            deinit { numbers.deallocate() }
        }
        let (from, into) = (Memory(), Memory())
        _ = from.numbers.initialize(from: [1, 2, 3])
        into.numbers.initialize(repeating: 0)
        let request = try compiled().makeRequest()
        try request.setInput("x", Tensor(over: from.numbers, shape: [1, 3], owner: from))
        try request.setOutput("y", Tensor(over: into.numbers, shape: [1, 3], owner: into))
        try request.infer()
        #expect(Array(into.numbers) == [2, 4, 6])
    }

    @Test("lanes run requests of one model side by side, each on its own thread")
    func runsLanes() async throws {
        let model = try compiled(.init(precision: .f32, threads: 2, streams: 2))
        let lanes = [
            try await InferenceLane("first") { try model.makeRequest() },
            try await InferenceLane("second") { try model.makeRequest() },
        ]
        let sums = try await withThrowingTaskGroup(of: Float.self) { group in
            for (index, lane) in lanes.enumerated() {
                for round in 0..<8 {
                    group.addTask {
                        try await lane.run { request in
                            let input = try Tensor<Float>(shape: [1, 3])
                            input.withMutableElements { $0.update(repeating: Float(index * 8 + round)) }
                            try request.setInput("x", input)
                            try request.infer()
                            return try request.output("y", as: Float.self).withElements { $0.reduce(0, +) }
                        }
                    }
                }
            }
            return try await group.reduce(into: [Float]()) { $0.append($1) }
        }
        #expect(sums.sorted() == (0..<16).map { Float($0 * 6) })
    }

    @Test("a compiled model is kept on disk for the next start")
    func keepsCompiledModels() throws {
        let cache = folder.path + "/cache"
        let options = CompileOptions(precision: .f32, threads: 1, cacheFolder: cache)
        _ = try compiled(options)
        let kept = try FileManager.default.contentsOfDirectory(atPath: cache)
        #expect(kept.contains { $0.hasSuffix(".blob") })
        #expect(try compiled(options).property("LOADED_FROM_CACHE") == "YES")
    }

    @Test("a device that is not there is refused with a list of those that are")
    func refusesAMissingDevice() throws {
        let model = try core.read(folder.write("doubling.xml", TinyModels.doubling))
        let error = #expect(throws: InferenceError.self) {
            try core.compile(model, .init(device: Device("npu.7"), threads: 1))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("no device NPU.7") == true)
        #expect(error?.message.contains("CPU, AUTO") == true)
    }

    @Test("GPU stands for the first of several")
    func findsNumberedDevices() throws {
        #expect(try Device("gpu").found(among: ["CPU", "GPU.0", "GPU.1"]).name == "GPU")
        #expect(try Device("auto").found(among: ["CPU"]) == .auto)
        #expect(throws: InferenceError.self) { try Device("GPU").found(among: ["CPU"]) }
    }

    @Test("a file that holds no model is an error that says what was tried")
    func refusesAFileThatIsNoModel() throws {
        let path = try folder.write("model.xml", "not a model")
        let error = #expect(throws: OpenVINOError.self) { try core.read(path) }
        #expect(error?.operation == "read the model")
        #expect(error?.reason.isEmpty == false)
    }

    @Test("an input of the wrong type or shape is refused")
    func refusesAWrongInput() throws {
        let request = try compiled().makeRequest()
        let (integers, wide) = (try Tensor<Int32>(shape: [1, 3]), try Tensor<Float>(shape: [1, 4]))
        #expect(throws: OpenVINOError.self) { try request.setInput("x", integers) }
        #expect(throws: OpenVINOError.self) { try request.setInput("x", wide) }
        #expect(throws: OpenVINOError.self) { try request.setInput("z", wide) }
    }

    @Test("bf16 is chosen where the processor multiplies tiles of it, and f16 never on a processor")
    func choosesThePrecision() {
        let amx = CPUFeatures(cpuInfo: "processor : 0\nflags\t\t: fpu avx512f amx_bf16\n")
        let zen4 = CPUFeatures(cpuInfo: "flags : avx512f avx512_bf16")
        let old = CPUFeatures(cpuInfo: "flags : avx512f avx512vl")
        #expect([amx, zen4, old].map(\.multipliesTiles) == [true, false, false])
        #expect(Precision.auto.hint(for: .cpu, cpu: amx) == "bf16")
        #expect(Precision.auto.hint(for: .cpu, cpu: zen4) == "f32")
        #expect(Precision.auto.hint(for: .cpu, cpu: old) == "f32")
        #expect(Precision.f16.hint(for: .cpu, cpu: old) == "f32")
        #expect(Precision.auto.hint(for: Device("GPU"), cpu: amx) == nil)
    }
}
