import NetworkPlans

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PlanFile {
    /// Writes the file into a folder. The same network gives the same bytes.
    func write(to folder: String) throws(ModelImportError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let json = try? encoder.encode(self) else {
            throw ModelImportError(.unwritable, "\(Self.fileName) could not be written.")
        }
        var file = try FileWriter("\(folder)/\(Self.fileName)")
        try file.write(Array(json))
        try file.flush()
    }
}
