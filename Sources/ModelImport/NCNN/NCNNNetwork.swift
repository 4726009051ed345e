/// A network as ncnn's text format has it (`.param`): the number 7767517, the counts of layers and blobs, then a line for
/// each layer: its kind, its name, the counts of its inputs and outputs, their names, and its parameters.
///
/// https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure
struct NCNNNetwork: Sendable {
    /// The file's name, for messages.
    let name: String
    /// In an order in which every blob is made before it is used.
    let layers: [NCNNLayer]

    private static let magic: Substring = "7767517"
    /// Real-ESRGAN's largest has a tenth of a megabyte.
    private static let sizeLimit = 16 << 20
    private static let layerLimit = 100_000
    /// ncnn reads names of at most so many bytes.
    private static let wordLimit = 255

    /// - Throws: ``ModelImportError``.
    init(_ path: String) throws(ModelImportError) {
        let file = try FileReader(path)
        try self.init(name: file.name, text: file.readAll(limit: Self.sizeLimit))
    }

    /// - Parameters:
    ///   - name: of the file, for messages.
    ///   - text: its bytes.
    init(name: String, text bytes: [UInt8]) throws(ModelImportError) {
        self.name = name
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) || [0x09, 0x0A, 0x0D].contains($0) }) else {
            throw ModelImportError(.malformed, "\(name) is not a network in ncnn's text format: it is not text.")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).map { $0.split(whereSeparator: \.isWhitespace) }
        guard lines.first == [Self.magic] else {
            throw ModelImportError(
                .malformed, "\(name) is not a network in ncnn's text format: it does not begin with \(Self.magic).")
        }
        let counts = lines.dropFirst().first?.map { Int($0) } ?? []
        guard counts.count == 2, let count = counts[0], let blobs = counts[1],
            (1...Self.layerLimit).contains(count), blobs >= 1
        else {
            throw ModelImportError(.malformed, "\(name) does not tell how many layers and blobs it has.")
        }
        var layers: [NCNNLayer] = []
        for (index, words) in lines.enumerated().dropFirst(2) where !words.isEmpty {
            layers.append(try Self.layer(words, line: index + 1, file: name))
        }
        guard layers.count == count else {
            throw ModelImportError(.malformed, "\(name) has \(layers.count) layers where its head tells of \(count).")
        }
        let outputs = layers.reduce(0) { $0 + $1.outputs.count }
        guard outputs == blobs else {
            throw ModelImportError(.malformed, "\(name) has \(outputs) blobs where its head tells of \(blobs).")
        }
        self.layers = layers
    }

    private static func layer(_ words: [Substring], line: Int, file: String) throws(ModelImportError) -> NCNNLayer {
        guard words.count >= 4, let inputs = Int(words[2]), let outputs = Int(words[3]), inputs >= 0, outputs >= 0,
            inputs <= words.count, outputs <= words.count, words.count >= 4 + inputs + outputs,
            words.allSatisfy({ $0.utf8.count <= wordLimit || $0.contains("=") })
        else {
            throw ModelImportError(.malformed, "\(file), line \(line), is no layer of a network.")
        }
        let names = words[4..<(4 + inputs + outputs)].map(String.init)
        do {
            return NCNNLayer(
                kind: String(words[0]), name: String(words[1]), inputs: Array(names[..<inputs]),
                outputs: Array(names[inputs...]), parameters: try NCNNParameters(words[(4 + inputs + outputs)...]),
                line: line)
        } catch {
            throw error.inLayer(kind: words[0], name: words[1], line: line, of: file)
        }
    }
}

extension NCNNFault {
    /// The fault as an error that names the layer.
    func inLayer(
        kind layer: some StringProtocol, name: some StringProtocol, line: Int, of file: String
    ) -> ModelImportError {
        ModelImportError(kind, "\(file), line \(line): \(layer) '\(name)' \(reason).")
    }
}
