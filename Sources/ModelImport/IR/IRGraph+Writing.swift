extension IRGraph {
    /// Writes `name.xml` and `name.bin` into a folder, over files of these names. The same graph gives the same bytes.
    ///
    /// - Returns: where the constants lie in the `.bin` file.
    /// - Throws: ``ModelImportError`` where a file cannot be written, or one that holds a constant cannot be read.
    @discardableResult
    package func write(to folder: String, name fileName: String = "model") throws(ModelImportError) -> IRPlaces {
        let offsets = try writeConstants(to: "\(folder)/\(fileName).bin")
        var file = try FileWriter("\(folder)/\(fileName).xml")
        try file.write("<?xml version=\"1.0\"?>\n<net name=\"\(name.escaped)\" version=\"11\">\n\t<layers>\n")
        for index in nodes.indices { try file.write(layer(index, offsets)) }
        try file.write("\t</layers>\n\t<edges>\n")
        for (index, node) in nodes.enumerated() {
            for (port, input) in node.inputs.enumerated() {
                // A node's ports are counted through: its inputs first, then its outputs.
                let from = nodes[input.node].inputs.count + input.index
                try file.write(
                    "\t\t<edge from-layer=\"\(input.node)\" from-port=\"\(from)\" to-layer=\"\(index)\" "
                        + "to-port=\"\(port)\" />\n")
            }
        }
        try file.write("\t</edges>\n\t<rt_info />\n</net>\n")
        try file.flush()
        return IRPlaces(nodes, offsets: offsets)
    }

    /// The cache lines of CPUs, and the alignment for which OpenVINO maps constants instead of copying them.
    private static let alignment = 64

    /// - Returns: where each constant begins.
    private func writeConstants(to path: String) throws(ModelImportError) -> [Int] {
        var file = try FileWriter(path)
        var offsets: [Int] = []
        for data in constants {
            try file.align(to: IRGraph.alignment)
            offsets.append(file.count)
            try data.write(to: &file)
        }
        try file.flush()
        return offsets
    }

    private func layer(_ index: Int, _ offsets: [Int]) -> String {
        let node = nodes[index]
        var text = "\t\t<layer id=\"\(index)\" name=\"\(node.name.escaped)\" type=\"\(node.type)\" "
        text += "version=\"\(node.version)\">\n"
        var attributes = node.attributes.map { ($0.key, $0.value.text) }
        if let constant = node.constant {
            attributes.append(("offset", String(offsets[constant])))
            attributes.append(("size", String(constants[constant].count)))
        }
        if !attributes.isEmpty {
            let pairs = attributes.map { "\($0)=\"\($1.escaped)\" " }.joined()
            text += "\t\t\t<data \(pairs)/>\n"
        }
        if !node.runtimeMarks.isEmpty {
            let marks = node.runtimeMarks.map { "\t\t\t\t<attribute name=\"\($0)\" version=\"0\" />\n" }.joined()
            text += "\t\t\t<rt_info>\n\(marks)\t\t\t</rt_info>\n"
        }
        let inputs = node.inputs.map { nodes[$0.node].outputs[$0.index] }.map { IRPort($0.type, $0.shape) }
        text += ports("input", inputs, from: 0)
        text += ports("output", node.outputs, from: inputs.count)
        return text + "\t\t</layer>\n"
    }

    private func ports(_ element: String, _ ports: [IRPort], from first: Int) -> String {
        guard !ports.isEmpty else { return "" }
        var text = "\t\t\t<\(element)>\n"
        for (index, port) in ports.enumerated() {
            // A comma separates the names of one tensor.
            let names = port.names.map { $0.replacing(",", with: "\\,").escaped }.joined(separator: ",")
            text += "\t\t\t\t<port id=\"\(first + index)\" precision=\"\(port.type.precision)\""
            text += names.isEmpty ? ">\n" : " names=\"\(names)\">\n"
            for dimension in port.shape { text += "\t\t\t\t\t<dim>\(dimension ?? -1)</dim>\n" }
            text += "\t\t\t\t</port>\n"
        }
        return text + "\t\t\t</\(element)>\n"
    }
}

extension String {
    /// As an XML attribute between double quotes has it.
    fileprivate var escaped: String {
        guard contains(where: { "&<>\"\n\t".contains($0) }) else { return self }
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\n": text += "&#10;"
            case "\t": text += "&#9;"
            default: text.append(character)
            }
        }
        return text
    }
}
