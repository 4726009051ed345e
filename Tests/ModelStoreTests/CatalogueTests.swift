import Foundation
import Inference
import ModelStore
import Testing

@Suite("The built-in catalogue")
struct CatalogueTests {
    @Test("Ids and aliases are lower case and name one model each")
    func uniqueNames() throws {
        let names = try Catalogue.builtIn().entries.flatMap { [$0.id] + $0.aliases }
        #expect(!names.isEmpty)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0 == $0.lowercased() })
    }

    @Test("Every entry has a source with files")
    func sources() throws {
        for entry in try Catalogue.builtIn().entries {
            #expect(!entry.sources.isEmpty && entry.sources.allSatisfy { !$0.files.isEmpty }, "\(entry.id)")
        }
    }

    @Test("The default model comes by id and by alias, with its size and digest known beforehand")
    func defaultModel() throws {
        let entry = try #require(try Catalogue.builtIn().entry(named: "SmolLM2"))
        #expect(entry.id == "smollm2-135m")
        let files = try #require(entry.sources.first).files
        #expect(files.allSatisfy { $0.bytes == entry.sizeBytes && $0.sha256?.count == 64 })
    }

    @Test("Files from wheels have their sizes and digests, and wheels theirs")
    func wheels() throws {
        for source in try Catalogue.builtIn().entries.flatMap(\.sources) {
            guard case .wheel(let wheel) = source.origin else { continue }
            #expect(wheel.sha256.count == 64)
            #expect(source.files.allSatisfy { $0.bytes != nil && $0.sha256?.count == 64 }, "\(wheel.package)")
        }
    }

    @Test("The embedding and upscaling models come by the names that requests use")
    func newKinds() throws {
        let catalogue = try Catalogue.builtIn()
        for name in ["all-minilm-l6-v2", "nomic-embedding-text-v1.5", "nomic-embed-text-v1.5", "openai-clip"] {
            #expect(catalogue.entry(named: name)?.capability == .embeddings, "\(name)")
        }
        for name in ["realesrgan", "realesr-animevideov3"] {
            #expect(catalogue.entry(named: name)?.capability == .imageVariation, "\(name)")
        }
        #expect(catalogue.entry(named: "nomic-embed-text-v1.5")?.shortensVectors == true)
    }

    @Test("Speech models come by their names and by those that other programs have for them")
    func speech() throws {
        let catalogue = try Catalogue.builtIn()
        for name in [
            "whisper-tiny.en", "whisper-base", "whisper-small.en", "whisper-small-en", "whisper-large-v3-turbo",
        ] {
            let entry = catalogue.entry(named: name)
            #expect(entry?.capability == .transcription && entry?.engine == .whisper, "\(name)")
        }
        let base = try #require(catalogue.entry(named: "whisper-base")?.sources.first)
        #expect(base.files.compactMap(\.continued).flatMap(\.self).compactMap(\.wheel).count == 1)
    }

    @Test("All models that were promised come by their names, and each says what it is for and what it needs")
    func promised() throws {
        let catalogue = try Catalogue.builtIn()
        for name in [
            "phi3.5", "phi-4-mini", "granite-4.0-tiny", "granite-4.0-small", "gemma-3n", "devstral", "smollm2-135m",
            "smollm2-360m", "smollm2-1.7b", "nomic-embed-text-v1.5", "openai-clip", "minilm", "whisper-tiny",
            "whisper-base", "whisper-small", "whisper-medium", "whisper-large-v3", "realesrgan",
        ] {
            #expect(catalogue.entry(named: name) != nil, "\(name)")
        }
        for entry in catalogue.entries {
            #expect(entry.summary?.isEmpty == false && entry.homepage?.hasPrefix("https://") == true, "\(entry.id)")
            #expect(entry.hardware?.contains("cpu") == true && (entry.memoryBytes ?? 0) > 0, "\(entry.id)")
            #expect(entry.parameters != nil && (entry.sizeBytes ?? 0) > 0, "\(entry.id)")
            #expect(entry.capability == .imageVariation || entry.languages?.isEmpty == false, "\(entry.id)")
        }
    }

    @Test("An entry survives being written and read again")
    func codable() throws {
        for entry in try Catalogue.builtIn().entries {
            let copy = try JSONDecoder().decode(CatalogueEntry.self, from: JSONEncoder().encode(entry))
            #expect(copy == entry)
        }
    }
}
