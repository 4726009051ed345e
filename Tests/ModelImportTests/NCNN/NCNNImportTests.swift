import Foundation
import ModelImport
import TestSupport
import Testing

/// What the import makes of a network as a whole, and what it refuses. What each layer computes is tested where OpenVINO
/// is at hand, in OpenVINOEngineTests/Upscaling.
@Suite struct NCNNImportTests {
    /// A layer of each kind that has weights, and an enlargement.
    private static let text = """
        7767517
        6 7
        Input            data    0 1 data 0=64 1=64 2=3
        Split            split   1 2 data a b
        Convolution      conv    1 1 a c 0=12 1=3 4=1 5=1 6=324 9=2 -23310=1,2.000000e-01
        PReLU            prelu   1 1 c d 0=12
        PixelShuffle     shuffle 1 1 d e 0=2
        Interp           enlarge 1 1 b f 0=1 1=2.000000e+00 2=2.000000e+00
        """.replacing("6 7", with: "7 8") + "\nBinaryOp add 2 1 e f output\n"

    /// Its weights: of 16 bits, the bias and the slopes of 32.
    private static let weights =
        [0x47, 0x6B, 0x30, 0x01] + [UInt8](repeating: 0x2C, count: 2 * 324) + [UInt8](repeating: 0, count: 4 * 24)

    private func failure(text: String, weights: [UInt8] = weights) -> ModelImportError? {
        try? withFolder { folder in
            try write(text, folder + "/toy.param")
            try write(weights, folder + "/toy.bin")
            do throws(ModelImportError) {
                try NCNNImport.convert(param: folder + "/toy.param", weights: folder + "/toy.bin", into: folder)
                return nil
            } catch {
                return error
            }
        }
    }

    /// The message about a network of one layer between its input and its output.
    private func message(ofLayer layer: String) throws -> String {
        let text = "7767517\n2 2\nInput data 0 1 data\n\(layer)\n"
        return try #require(failure(text: text, weights: [UInt8](repeating: 0, count: 4096))).message
    }

    // MARK: The result

    @Test func `a network becomes a graph, its weights and what the engine has to know`() throws {
        try withFolder { folder in
            try write(Self.text, folder + "/toy.param")
            try write(Self.weights, folder + "/toy.bin")
            try NCNNImport.convert(param: folder + "/toy.param", weights: folder + "/toy.bin", into: folder)
            let settings = try String(decoding: contents(folder + "/upscaler.json"), as: UTF8.self)
            // One convolution of 3 × 3 sees one pixel far.
            #expect(settings == "{\"scale\": 2, \"context\": 1, \"blend\": 0, \"tile\": 512}\n")
            let graph = try String(decoding: contents(folder + "/model.xml"), as: UTF8.self)
            #expect(graph.contains("names=\"data\"") && graph.contains("names=\"output\""))
            // The weights stay as wide as they are stored, marked for OpenVINO as compressed.
            #expect(graph.contains("element_type=\"f16\"") && graph.contains("decompression"))
            #expect(try contents(folder + "/model.bin").starts(with: Self.weights[4..<652]))
        }
    }

    @Test func `a network that looks far is cut with a margin and blended`() throws {
        let convolutions = (0..<30).map { "Convolution c\($0) 1 1 b\($0) b\($0 + 1) 0=3 1=3 4=1 6=81\n" }
        let text =
            "7767517\n32 32\nInput data 0 1 b0\n" + convolutions.joined() + "Interp up 1 1 b30 output 0=1 1=4.0 2=4.0\n"
        try withFolder { folder in
            try write(text, folder + "/toy.param")
            try write([UInt8](repeating: 0, count: 30 * (4 + 324)), folder + "/toy.bin")
            try NCNNImport.convert(param: folder + "/toy.param", weights: folder + "/toy.bin", into: folder)
            let settings = try String(decoding: contents(folder + "/upscaler.json"), as: UTF8.self)
            #expect(settings == "{\"scale\": 4, \"context\": 16, \"blend\": 32, \"tile\": 512}\n")
        }
    }

    @Test func `the same files give the same bytes`() throws {
        func result() throws -> [[UInt8]] {
            try withFolder { folder in
                try write(Self.text, folder + "/toy.param")
                try write(Self.weights, folder + "/toy.bin")
                try NCNNImport.convert(param: folder + "/toy.param", weights: folder + "/toy.bin", into: folder)
                return try ["model.xml", "model.bin", "upscaler.json", "layers.json"].map {
                    try contents("\(folder)/\($0)")
                }
            }
        }
        #expect(try result() == result())
    }

    // MARK: What is not known

    @Test func `an unknown kind of layer is named`() throws {
        let message = try message(ofLayer: "DeformableConv2D deform_7 1 1 data output 0=3")
        #expect(
            message == "toy.param, line 4: DeformableConv2D 'deform_7' is a kind of layer that is not known here.")
    }

    @Test(arguments: [
        ("Convolution c 1 1 data output 0=3 1=1 6=9 17=1", "has the parameter 17, which is not known here"),
        ("Sigmoid s 1 1 data output 0=1", "has the parameter 0"),
        ("Convolution c 1 1 data output 0=3 1=1 6=9 8=1", "has weights of 8 bits (parameter 8 is 1)"),
        ("Convolution c 1 1 data output 0=3 1=1 6=9 19=1", "takes its weights from another layer"),
        ("Convolution c 1 1 data output 0=3 1=1 6=9 18=0.5", "pads with another number than 0"),
        ("Convolution c 1 1 data output 0=3 1=1 6=9 9=7", "has 7 as its activation"),
        ("Convolution c 1 1 data output 0=3 1=3 6=81 3=2 4=1", "a stride or a kernel that does not fit"),
        ("Convolution c 1 1 data output 0=3 1=3 6=81 4=-235", "has -235 as its padding"),
        ("Convolution c 1 1 data output 0=3 1=3 6=81 4=-233 15=1", "as its padding, which is not known here"),
        ("Deconvolution d 1 1 data output 0=3 1=2 3=2 6=36 20=7", "has a fixed width"),
        ("Interp i 1 1 data output 0=4 1=2.0 2=2.0", "has 4 as its method"),
        ("Interp i 1 1 data output 0=2 1=2.0 2=2.0 6=1", "aligns corners"),
        ("Interp i 1 1 data output 0=1 3=64 4=64", "has a fixed height"),
        ("Interp i 1 1 data output 0=1 1=1.5 2=1.5", "no whole number of pixels"),
        ("Concat c 1 1 data output 0=1", "another dimension than the channels"),
        ("BinaryOp b 1 1 data output 0=10 1=1", "has 10 as its operation"),
        ("Eltwise e 1 1 data output 0=1", "needs two inputs or more"),
    ]) func `a parameter or value that is not known is named`(layer: String, part: String) throws {
        #expect(try message(ofLayer: layer).contains(part))
    }

    @Test(arguments: [
        ("Interp up 1 1 data output 0=1 1=16.0 2=16.0", "2 to 8 times"),
        ("Interp up 1 1 data output 0=1 1=4.0 2=2.0", "2 to 8 times"),
        ("Sigmoid s 1 1 data output", "2 to 8 times"),
        ("Convolution c 1 1 data output 0=3 1=3 6=81", "does not fit pictures of every size"),
        ("Split s 1 1 data output", "2 to 8 times"),
    ]) func `a network that does not enlarge pictures is refused`(layer: String, part: String) throws {
        #expect(try message(ofLayer: layer).contains(part) || message(ofLayer: layer).contains("belong together"))
    }

    // MARK: Damaged files

    @Test(arguments: [
        ("", "does not begin with 7767517"),
        ("7767518\n1 1\n", "does not begin with 7767517"),
        ("7767517\n", "does not tell how many"),
        ("7767517\n-1 4\n", "does not tell how many"),
        ("7767517\n99999999999999999999 1\n", "does not tell how many"),
        ("7767517\n2 1\nInput data 0 1 data\n", "has 1 layers where its head tells of 2"),
        ("7767517\n1 2\nInput data 0 1 data\n", "has 1 blobs where its head tells of 2"),
        ("7767517\n1 1\nInput data 0 9223372036854775807 data\n", "line 3, is no layer"),
        ("7767517\n1 1\nInput data 0 -1 data\n", "line 3, is no layer"),
        ("7767517\n1 1\nInput data\n", "line 3, is no layer"),
        ("7767517\n1 1\nInput data 0 1 data 0=64 0=64\n", "has the parameter 0 twice"),
        ("7767517\n1 1\nInput data 0 1 data -9223372036854775808=1\n", "which no layer can have"),
        ("7767517\n1 1\nInput data 0 1 data 32=1\n", "has the parameter 32"),
        ("7767517\n1 1\nInput data 0 1 data -23301=3,1,2\n", "whose count is wrong"),
        ("7767517\n1 1\nInput data 0 1 data 2=nan\n", "which is no number"),
        ("7767517\n1 1\nInput data 0 1 data 2=4\n", "does not take pictures of 3 channels"),
        ("7767517\n1 1\nSigmoid s 1 1 nowhere output\n", "takes the blob 'nowhere', which no layer before it makes"),
        ("7767517\n2 2\nInput data 0 1 data\nSigmoid s 1 1 data data\n", "which is there already"),
        ("7767517\n2 2\nInput data 0 1 data\nInput more 0 1 more\n", "is a second input"),
        ("7767517\n1 1\nInput \u{1}data 0 1 data\n", "it is not text"),
    ]) func `a network that makes no sense is refused`(text: String, part: String) throws {
        let refusal = try #require(failure(text: text, weights: []))
        #expect(refusal.kind == .malformed || refusal.kind == .unsupported)
        #expect(refusal.message.contains(part), "\(refusal.message)")
    }

    @Test(arguments: [0, 1, 3, 4, 5, 651, 652, 700, 747]) func `weights that end too early are refused`(
        count: Int
    ) throws {
        let refusal = try #require(failure(text: Self.text, weights: Array(Self.weights.prefix(count))))
        #expect(refusal.kind == .malformed)
        #expect(refusal.message.contains("toy.bin, which ends at \(count)"))
    }

    @Test func `weights that are left over are refused`() throws {
        let refusal = try #require(failure(text: Self.text, weights: Self.weights + [0]))
        #expect(refusal.message.contains("749 bytes, of which the network uses 748"))
    }

    @Test(
        arguments: [
            ([0x38, 0x4B, 0x0D, 0x00], "has weights of 8 bits"),
            ([0x01, 0x00, 0x00, 0x00], "tables of 256 values"),
            ([0xFF, 0xFF, 0xFF, 0xFF], "behind the word 0xffffffff"),
        ] as [([UInt8], String)]) func `weights of fewer bits are refused by name`(flag: [UInt8], part: String) throws
    {
        let refusal = try #require(failure(text: Self.text, weights: flag + Self.weights[4...]))
        #expect(refusal.kind == .unsupported)
        #expect(refusal.message.contains(part))
    }

    @Test(arguments: [
        "Convolution c 1 1 data output 0=2147483647 1=255 6=2147483647",
        "Convolution c 1 1 data output 0=16384 1=255 6=2147483647 11=255",
        "Convolution c 1 1 data output 0=3 1=3 6=-1",
        "Convolution c 1 1 data output 0=0 1=3 6=0",
        "Convolution c 1 1 data output 0=3 1=3 6=80",
        "ConvolutionDepthWise c 1 1 data output 0=3 1=3 6=81 7=2",
        "ConvolutionDepthWise c 1 1 data output 0=3 1=3 6=81 7=0",
        "Deconvolution d 1 1 data output 0=3 1=3 3=16 6=81 4=1024",
        "PixelShuffle p 1 1 data output 0=-3",
        "PixelShuffle p 1 1 data output 0=2",
        "PReLU p 1 1 data output 0=9223372036854775807",
        "Interp i 1 1 data output 0=1 1=1e38 2=1e38",
        "Interp i 1 1 data output 0=1 1=-2.0 2=-2.0",
        "Clip c 1 1 data output 0=1.0 1=0.0",
    ]) func `sizes that make no sense are refused`(layer: String) throws {
        #expect(try message(ofLayer: layer).contains("line 4"))
    }

    @Test func `files with changed bytes are refused or imported, and never bring the process down`() throws {
        var numbers = SeededNumbers(seed: 42)
        func random(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &numbers) }
        var refused = 0
        let count = rounds(short: 400, long: 20_000)
        for _ in 0..<count {
            var text = Array(Self.text.utf8)
            var weights = Self.weights
            for _ in 0...random(3) {
                // Printable, so that more than the first look at the text is tried.
                text[random(text.count)] = UInt8(0x20 + random(95))
                weights[random(8)] = UInt8(random(256))
            }
            if random(4) == 0 { text.removeLast(random(text.count)) }
            if failure(text: String(decoding: text, as: UTF8.self), weights: weights) != nil { refused += 1 }
        }
        #expect(refused > count * 3 / 4)
    }

    @Test func `a file that is missing is named, without its folder`() throws {
        try withFolder { folder in
            let error = #expect(throws: ModelImportError.self) {
                try NCNNImport.convert(param: folder + "/no.param", weights: folder + "/no.bin", into: folder)
            }
            #expect(error?.kind == .unreadable)
            #expect(error?.message.hasPrefix("no.param") == true)
        }
    }
}
