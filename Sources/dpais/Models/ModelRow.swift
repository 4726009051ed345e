import Console
import Inference
import ModelStore

/// A model as lists show it, installed or not.
struct ModelRow: Encodable {
    var id: String
    var capability: String
    var bytes: Int?
    var memoryBytes: Int?
    var license: String?
    var parameters: String?
    var contextLength: Int?
    var engine: String
    var ownedBy: String
    var aliases: [String]
    var languages: [String]?
    var hardware: [String]?
    var summary: String?
    var homepage: String?
    var source: String?
    var installed: Bool

    /// - Parameter entry: what the catalogue says of it, if anything.
    init(_ model: InstalledModel, entry: CatalogueEntry? = nil) {
        (id, capability, bytes) = (model.id, model.capability.rawValue, model.sizeBytes)
        (memoryBytes, license, parameters) = (model.memoryBytes, model.license, model.parameters)
        (contextLength, engine, ownedBy) = (model.contextLength, model.engine.rawValue, model.ownedBy)
        (aliases, source, installed) = (model.aliases, model.source, true)
        (languages, hardware) = (entry?.languages, entry?.hardware)
        (summary, homepage) = (entry?.summary, entry?.homepage)
    }

    init(_ entry: CatalogueEntry) {
        (id, capability, bytes) = (entry.id, entry.capability.rawValue, entry.sizeBytes)
        (memoryBytes, license, parameters) = (entry.estimatedMemory, entry.license, entry.parameters)
        (contextLength, engine, ownedBy) = (entry.contextLength, entry.engine.rawValue, entry.ownedBy)
        (aliases, installed) = (entry.aliases, false)
        (languages, hardware) = (entry.languages, entry.hardware)
        (summary, homepage) = (entry.summary, entry.homepage)
        source = entry.sources.first.map { source in
            switch source.origin {
            case .hub(let repository, _): repository
            case .web(let address): address
            case .wheel(let wheel): "Python package \(wheel.package) \(wheel.version)"
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, capability, bytes, license, parameters, engine, aliases, languages, hardware, summary, homepage
        case source, installed
        case memoryBytes = "memory_bytes"
        case contextLength = "context_length"
        case ownedBy = "owned_by"
    }

    /// All that is known, as names with values.
    var details: [(String, String)] {
        let all: [(String, String?)] = [
            ("does", capability), ("what", summary), ("size", bytes.map { ByteCount.text($0) }),
            ("memory", memoryBytes.map { "about " + ByteCount.text($0) }), ("parameters", parameters),
            ("context", contextLength.map { "\($0) tokens" }), ("languages", languages?.joined(separator: ", ")),
            ("engine", engine), ("hardware", hardware?.joined(separator: ", ")), ("licence", license),
            ("made by", ownedBy), ("also called", aliases.isEmpty ? nil : aliases.joined(separator: ", ")),
            ("page", homepage), ("source", source), ("installed", installed ? "yes" : "no"),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    func writeDetails(to terminal: Terminal) {
        terminal.write(terminal.style.heading(id) + "\n")
        terminal.writeDetails(details)
    }
}

extension CatalogueEntry {
    /// What it needs in memory: as the catalogue says, else by its size.
    var estimatedMemory: Int? { memoryBytes ?? sizeBytes.map { $0 + $0 / 4 + (256 << 20) } }
}

extension Terminal {
    /// Names with values beside them, wrapped where the terminal ends.
    func writeDetails(_ details: [(String, String)]) {
        let width = details.map(\.0.displayWidth).max() ?? 0
        for (name, value) in details {
            write("  " + style.faint(name.padded(to: width + 2)))
            writeWrapped(value, indent: width + 4)
        }
    }
}
