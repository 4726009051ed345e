import Console
import Inference
import Machine
import ModelStore

/// Models of the catalogue, offered for this machine.
struct ModelOffer {
    let entries: [CatalogueEntry]
    private let memory: Int
    private let installed: Set<String>

    /// - Parameter capability: what they are to do; `nil` is anything.
    init(_ store: ModelStore, _ hardware: Hardware, capability: Capability? = nil) throws {
        entries = try store.catalogue().entries.filter { capability == nil || $0.capability == capability }
        installed = Set(try store.installed().map(\.id))
        memory = hardware.memory.usable
    }

    /// Only those that this machine has the memory for, the smallest first.
    func fitting() -> [CatalogueEntry] {
        entries.filter { fit($0) != .no }.sorted {
            ($0.estimatedMemory ?? .max, $0.id) < ($1.estimatedMemory ?? .max, $1.id)
        }
    }

    func isInstalled(_ entry: CatalogueEntry) -> Bool { installed.contains(entry.id) }

    enum Fit: String {
        case yes, tight, no, unknown = "?"
    }

    /// Whether the memory is enough; a machine's own programs need an eighth of it.
    func fit(_ entry: CatalogueEntry) -> Fit {
        guard let need = entry.estimatedMemory, memory > 0 else { return .unknown }
        if need > memory { return .no }
        return need > memory - memory / 8 ? .tight : .yes
    }

    /// A numbered table of some of the entries.
    func write(_ shown: [CatalogueEntry], showsCapability: Bool, to terminal: Terminal) {
        let rows = shown.enumerated().map { index, entry in
            ["\(index + 1)", entry.id] + (showsCapability ? [entry.capability.rawValue] : [])
                + [ByteCount.text(entry.sizeBytes), ByteCount.text(entry.estimatedMemory), fit(entry).rawValue]
                + [isInstalled(entry) ? "installed" : entry.summary ?? entry.name]
        }
        Table(
            ["", "MODEL"] + (showsCapability ? ["DOES"] : []) + ["SIZE", "MEMORY", "FITS", "WHAT"], rows,
            rightAligned: showsCapability ? [0, 3, 4] : [0, 2, 3], whole: [1], wraps: false
        ).write(to: terminal)
    }
}
