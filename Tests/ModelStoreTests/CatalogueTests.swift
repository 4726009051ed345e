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
        let files = entry.sources.flatMap(\.files)
        #expect(files.allSatisfy { $0.bytes == entry.sizeBytes && $0.sha256?.count == 64 })
    }
}
