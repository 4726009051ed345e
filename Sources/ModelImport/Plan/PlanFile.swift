#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an engine has to know of a network that it computes layer by layer, without the graph: a JSON file beside the
/// graph, that names the numbers in the graph's `.bin` file.
protocol PlanFile: Encodable {
    static var fileName: String { get }
}

extension PlanFile {
    func write(to folder: String) throws(ModelImportError) {
        let encoder = JSONEncoder()
        // The same network gives the same bytes.
        encoder.outputFormatting = [.sortedKeys]
        guard let json = try? encoder.encode(self) else {
            throw ModelImportError(.unwritable, "\(Self.fileName) could not be written.")
        }
        var file = try FileWriter("\(folder)/\(Self.fileName)")
        try file.write(Array(json))
        try file.flush()
    }
}
