import ArgumentParser
import Console
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print or install the manual pages.",
        discussion: """
            The pages are made from what the commands say of themselves, as --help is.

            Examples:
              dpais manual | man -l -
              dpais manual model install | man -l -
              dpais manual --install ~/.local/share/man/man1
            """)

    @Argument(help: "The command whose page is printed; the first page where none is named.")
    var command: [String] = []

    @Option(
        name: .customLong("install"), help: "Write the pages of all commands into this folder.", completion: .directory)
    var folder: String?

    func run() throws {
        let tool = try JSONDecoder().decode(
            CommandDescription.Tool.self, from: Data(DpaisCommand._dumpHelp().utf8))
        let pages = tool.command.all.map { (name: $0.fullName, page: page($0)) }
        if let folder { return try install(pages.map(\.page), in: folder) }
        let name = ([DpaisCommand.configuration.commandName ?? "dpais"] + command).joined(separator: " ")
        guard let found = pages.first(where: { $0.name == name }) else {
            let question = Closest.question(for: name, among: pages.map(\.name))
            throw Told(
                "There is no command '\(name)'. \(question ?? "`dpais --help` lists them.")")
        }
        Terminal.output.write(found.page.text)
    }

    private func page(_ command: CommandDescription) -> ManualPage {
        ManualPage(command, version: "dpais \(Dpais.version)", parts: command.superCommands == nil ? Self.parts : [])
    }

    private func install(_ pages: [ManualPage], in folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in pages { try Data(page.text.utf8).write(to: URL(filePath: folder + "/" + page.fileName)) }
        } catch {
            throw Told("The pages could not be written to \(folder). Choose a folder of yours.")
        }
        Terminal.output.write("\(pages.count) pages are in \(folder).\n")
    }

    private static let parts = [
        (
            heading: "Files",
            text: """
            $DPAIS_HOME, else ~/.local/share/dpais (~/Library/Application Support/dpais on macOS), holds models, \
            config.json and logs.
            """
        ),
        (
            heading: "Environment",
            text: """
            DPAIS_HOME names the home. Each setting's variable is its key in capitals with DPAIS_ before it: \
            server.port is DPAIS_SERVER_PORT. HF_TOKEN is sent to the model hub, HF_ENDPOINT names another. NO_COLOR \
            turns colours off.
            """
        ),
        (heading: "Exit status", text: DpaisCommand.exitCodes),
    ]
}
