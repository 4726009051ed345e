import ArgumentParser
import Console
import ModelStore

struct CatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Add catalogues of your own to the models that can be installed by name.",
        discussion: """
            A catalogue is a JSON file. What it has when it is added is kept and pinned by its SHA-256: it cannot change \
            under your hands.

            Examples:
              dpais catalogue add ./models.json
              dpais catalogue list
              dpais catalogue remove models
            """,
        subcommands: [CatalogueAdd.self, CatalogueList.self, CatalogueRemove.self],
        aliases: ["catalog"])
}

struct CatalogueAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a catalogue: a file, or an http(s) address.",
        discussion: """
            Examples:
              dpais catalogue add ./models.json
              dpais catalogue add https://example.com/models.json --name ours --sha256 <64 digits>
            """)

    @Argument(help: "A path, or an http(s) address.", completion: .file(extensions: ["json"]))
    var location: String

    @Option(help: "The SHA-256 that it must have; without, the one that it has now is kept to.")
    var sha256: String?

    @Option(help: "What it is removed by; the file's name where none is given.")
    var name: String?

    func run() async throws {
        let surroundings = Surroundings()
        let store = surroundings.store(try await surroundings.settings())
        let added = try await store.catalogues.add(location: location, sha256: sha256, name: name)
        let count = added.models.count
        Terminal.output.write(
            "The catalogue '\(added.id)' is added, with \(count) model\(count == 1 ? "" : "s") "
                + "(SHA-256 \(added.sha256)).\n")
        Terminal.error.write("`dpais model list all` shows them.\n")
    }
}

struct CatalogueList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the catalogues that you have added.",
        discussion: """
            Examples:
              dpais catalogue list
              dpais catalogue list --json
            """,
        aliases: ["ls"])

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let catalogues = try Surroundings().store.catalogues.list()
        if json { return try Terminal.output.writeJSON(catalogues) }
        guard !catalogues.isEmpty else {
            Terminal.error.write("No catalogue has been added. `dpais catalogue add FILE_OR_URL` adds one.\n")
            return
        }
        Table(
            ["CATALOGUE", "MODELS", "SHA-256", "FROM"],
            catalogues.map { [$0.id, "\($0.models.count)", String($0.sha256.prefix(12)), $0.location] },
            rightAligned: [1]
        ).write(to: .output)
    }
}

struct CatalogueRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a catalogue that you have added; models installed from it stay.",
        discussion: """
            Examples:
              dpais catalogue remove models
            """,
        aliases: ["rm"])

    @Argument(help: "Its name, as `dpais catalogue list` shows it.")
    var name: String

    func run() async throws {
        let catalogues = Surroundings().store.catalogues
        do {
            try catalogues.remove(name)
        } catch CatalogueError.unknown(let name, let known) {
            let question = Closest.question(for: name, among: known)
            throw Told("There is no catalogue '\(name)'. \(question ?? "`dpais catalogue list` shows what there is.")")
        }
        Terminal.output.write("The catalogue '\(name)' is removed.\n")
    }
}
