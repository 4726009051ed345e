import ModelImport
import Testing

@Suite("Writing OpenVINO IR")
struct IRGraphTests {
    private func graph() -> IRGraph {
        var graph = IRGraph(name: "a<b>")
        let input = graph.parameter("x", .f32, [nil, 3])
        let weight = graph.weight(.f16, [2, 3], IRData([UInt8](repeating: 1, count: 2 * 3 * 2)), name: "w")
        let bias = graph.constant([Float(1), 2])
        graph.result(graph.linear(input, weight: weight, bias: bias), name: "y")
        return graph
    }

    @Test("The same graph gives the same bytes")
    func deterministic() throws {
        try withFolder { folder in
            try graph().write(to: folder, name: "a")
            try graph().write(to: folder, name: "b")
            #expect(try contents(folder + "/a.xml") == contents(folder + "/b.xml"))
            #expect(try contents(folder + "/a.bin") == contents(folder + "/b.bin"))
        }
    }

    @Test("Constants begin at multiples of 64 bytes, and small equal ones are stored once")
    func constants() throws {
        try withFolder { folder in
            var graph = IRGraph(name: "constants")
            let first = graph.constant([Float(1)])
            let second = graph.constant([Float(2)])
            let again = graph.constant([Float(1)])
            graph.result(graph.add(graph.add(first, second), again), name: "sum")
            try graph.write(to: folder)
            let bytes = try contents(folder + "/model.bin")
            #expect(bytes.count == 64 + 4)
            #expect(bytes[..<4].elementsEqual([0, 0, 0x80, 0x3F]) && bytes[64...].elementsEqual([0, 0, 0, 0x40]))
            let xml = String(decoding: try contents(folder + "/model.xml"), as: UTF8.self)
            #expect(xml.matches(of: /offset="0"/).count == 2)
            #expect(xml.matches(of: /offset="64"/).count == 1)
        }
    }

    @Test("Weights of 16 bits are widened by a conversion that is marked as decompression")
    func decompression() throws {
        try withFolder { folder in
            try graph().write(to: folder)
            let xml = String(decoding: try contents(folder + "/model.xml"), as: UTF8.self)
            #expect(xml.contains(#"<data element_type="f16" shape="2, 3" offset="0" size="12" />"#))
            #expect(xml.contains(#"<attribute name="decompression" version="0" />"#))
        }
    }

    @Test("Names are written as XML has it, and unknown dimensions as −1")
    func escapes() throws {
        try withFolder { folder in
            try graph().write(to: folder)
            let xml = String(decoding: try contents(folder + "/model.xml"), as: UTF8.self)
            #expect(xml.contains(#"<net name="a&lt;b&gt;" version="11">"#))
            #expect(xml.contains(#"<data shape="?,3" element_type="f32" />"#))
            #expect(xml.contains("<dim>-1</dim>"))
        }
    }

    @Test("Weights of several megabytes are copied from their file whole, joined in their order")
    func copies() throws {
        try withFolder { folder in
            let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            try write(bytes, folder + "/weights")
            let file = try FileReader(folder + "/weights")
            let half = bytes.count / 2
            let data = IRData(joining: [IRData(file, half..<bytes.count), IRData(file, 0..<half)])
            var graph = IRGraph(name: "copy")
            graph.result(graph.constant(.u8, [bytes.count], data), name: "y")
            try graph.write(to: folder)
            #expect(try contents(folder + "/model.bin") == Array(bytes[half...] + bytes[..<half]))
        }
    }

    @Test("A folder that cannot be written to is said to be so, without its path")
    func unwritable() {
        let error = #expect(throws: ModelImportError.self) { try graph().write(to: "/proc/none") }
        #expect(error?.kind == .unwritable)
        #expect(error?.message.contains("/") == false)
    }
}
