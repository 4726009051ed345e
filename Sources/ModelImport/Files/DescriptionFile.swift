import NetworkPlans

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an engine has to know of a model beside its graphs: a JSON file of a fixed name.
protocol DescriptionFile: Encodable {
    static var fileName: String { get }
}

extension EncoderPlan: DescriptionFile {}
extension UpscalerPlan: DescriptionFile {}

extension DescriptionFile {
    /// Writes the file into a folder. The same model gives the same bytes.
    func write(to folder: String) throws(ModelImportError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let json = try? encoder.encode(self) else {
            throw ModelImportError(.unwritable, "\(Self.fileName) could not be written.")
        }
        var file = try FileWriter("\(folder)/\(Self.fileName)")
        try file.write(Array(json))
        try file.write("\n")
        try file.flush()
    }
}
