import ModelImport
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
    @Test("Tensors of three widths are found by name, with type, shape and bytes")
    func reads() throws {
        try withFolder { folder in
            var builder = SafetensorsBuilder()
            builder.add("a", [2, 3], [1, 2, 3, 4, 5, 6])
            builder.add("b", [2], [0.5, -2], as: .f16)
            builder.add("c", [], [1.5], as: .bf16)
            try write(builder.bytes(), folder + "/w.safetensors")
            let file = try SafetensorsFile(folder + "/w.safetensors")
            #expect(file.names == ["a", "b", "c"])
            let (a, b, c) = (try #require(file["a"]), try #require(file["b"]), try #require(file["c"]))
            #expect(a.type == .f32 && a.shape == [2, 3] && a.data.count == 24)
            #expect(b.type == .f16 && b.shape == [2] && b.data.count == 4)
            #expect(c.type == .bf16 && c.shape == [] && c.data.count == 2)
            #expect(file["d"] == nil)
        }
    }

    @Test("Tensors that hold no weights, such as indices, are passed over")
    func integers() throws {
        try withFolder { folder in
            let header = #"{"i":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}"#
            let bytes = SafetensorsBuilder.file(header: header, data: [UInt8](repeating: 0, count: 16))
            try write(bytes, folder + "/w.safetensors")
            #expect(try SafetensorsFile(folder + "/w.safetensors").names == [])
        }
    }

    private static let hostile: [(String, [UInt8])] = [
        ("empty", []),
        ("a header longer than the file", SafetensorsBuilder.file(header: "{}", length: 3)),
        ("a header of 2⁶³ bytes", SafetensorsBuilder.file(header: "{}", length: 1 << 63)),
        ("a header of 2⁶⁴ − 1 bytes", SafetensorsBuilder.file(header: "{}", length: .max)),
        ("a header that is no JSON", SafetensorsBuilder.file(header: "{\"a\":")),
        ("a header that is a list", SafetensorsBuilder.file(header: "[]")),
        ("a header nested without end", SafetensorsBuilder.file(header: String(repeating: "[", count: 100_000))),
        ("bytes of no tensor", SafetensorsBuilder.file(header: "{}", data: [0])),
        ("a tensor past the end", entry(shape: "[2]", offsets: "[0,8]", bytes: 4)),
        ("a tensor before the beginning", entry(shape: "[2]", offsets: "[-4,4]", bytes: 4)),
        ("an end before the beginning", entry(shape: "[0]", offsets: "[4,0]", bytes: 4)),
        ("a gap before the first tensor", entry(shape: "[1]", offsets: "[4,8]", bytes: 8)),
        ("a shape larger than its bytes", entry(shape: "[3]", offsets: "[0,8]", bytes: 8)),
        ("a shape smaller than its bytes", entry(shape: "[1]", offsets: "[0,8]", bytes: 8)),
        ("a negative dimension", entry(shape: "[-1,-2]", offsets: "[0,8]", bytes: 8)),
        ("a shape that overflows", entry(shape: "[4294967296,4294967296,2]", offsets: "[0,8]", bytes: 8)),
        ("a shape that overflows in bytes", entry(shape: "[4611686018427387905]", offsets: "[0,4]", bytes: 4)),
        ("a shape of many dimensions", entry(shape: "[1,1,1,1,1,1,1,1,1,1]", offsets: "[0,4]", bytes: 4)),
        ("offsets beyond a number's reach", entry(shape: "[1]", offsets: "[0,99999999999999999999]", bytes: 4)),
        ("three offsets", entry(shape: "[1]", offsets: "[0,4,8]", bytes: 4)),
        (
            "tensors over each other",
            SafetensorsBuilder.file(
                header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
                    + #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
                data: [UInt8](repeating: 0, count: 8))
        ),
    ]

    private static func entry(shape: String, offsets: String, bytes: Int) -> [UInt8] {
        SafetensorsBuilder.file(
            header: "{\"a\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}",
            data: [UInt8](repeating: 0, count: bytes))
    }

    @Test("A file that is not what its header says is refused", arguments: hostile.indices)
    func refuses(index: Int) throws {
        let (what, bytes) = Self.hostile[index]
        try withFolder { folder in
            try write(bytes, folder + "/w.safetensors")
            let error = #expect(throws: ModelImportError.self, "\(what)") {
                try SafetensorsFile(folder + "/w.safetensors")
            }
            #expect(error?.kind == .malformed, "\(what)")
            #expect(error?.message.hasPrefix("w.safetensors ") == true, "\(what)")
        }
    }

    @Test("A file that is not there, and a folder in its place, are said to be unreadable")
    func missing() throws {
        try withFolder { folder in
            for path in [folder + "/none.safetensors", folder] {
                let error = #expect(throws: ModelImportError.self) { try SafetensorsFile(path) }
                #expect(error?.kind == .unreadable)
                #expect(error?.message.contains("/") == false)
            }
        }
    }
}
