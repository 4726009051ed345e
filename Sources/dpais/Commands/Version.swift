import ArgumentParser
import Console
import Server

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the version.",
        discussion: """
            Examples:
              dpais version
              dpais --version
            """)

    func run() throws {
        Terminal.output.write("dpais \(Dpais.version)\n")
    }
}
