import ArgumentParser
import Background
import Console
import ModelStore
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Uninstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove what dpais has put on this machine: models, settings, logs, the service.",
        discussion: """
            Stops the server first. Only what dpais itself made in its home is removed; other files there, and everything \
            outside it, stay. The executables stay too: remove them as they came.

            Examples:
              dpais uninstall
              dpais uninstall --skip-model-uninstall
              dpais uninstall --yes
            """)

    @Flag(help: "Keep the models; a later installation finds them again.")
    var skipModelUninstall = false

    @Flag(name: .shortAndLong, help: "Do not ask. Needed where there is no terminal.")
    var yes = false

    func run() async throws {
        let surroundings = Surroundings()
        let life = ServerLife(surroundings)
        let belongings = Belongings(surroundings.home, withModels: !skipModelUninstall)
        let isService = life.service.isInstalled
        guard !belongings.present.isEmpty || isService || life.holder != nil else {
            Terminal.output.write("There is nothing of dpais in \(surroundings.home.root).\n")
            return Self.tellWhatStays(surroundings)
        }
        Terminal.error.write("To be removed:\n")
        for path in belongings.present + (isService ? [life.service.file] : []) {
            Terminal.error.write("  \(path)\n")
        }
        try confirm()
        if let holder = life.holder {
            let grace = (try? await surroundings.settings().shutdownGrace) ?? .seconds(30)
            try await life.stop(holder, isForced: false, grace: grace) {
                Terminal.error.write("Waiting for running answers.\n")
            }
            Terminal.output.write("The server is stopped.\n")
        } else if isService, await life.service.isActive() {
            try await life.service.stop()
        }
        try await life.service.uninstall()
        try belongings.remove()
        Terminal.output.write("Removed.\n")
        for path in belongings.rest() { Terminal.output.write("Kept: \(path)\n") }
        Self.tellWhatStays(surroundings)
    }

    private func confirm() throws {
        guard !yes else { return }
        guard Question.canBeAsked else {
            throw Told("Nothing is removed: there is no terminal to ask at. Give --yes.")
        }
        guard Question.confirms("Go on?") else {
            Terminal.error.write("Nothing is removed.\n")
            throw ExitCode.failure
        }
    }

    private static func tellWhatStays(_ surroundings: Surroundings) {
        Terminal.output.write(
            "The executables stay: \(surroundings.executable) and the runners beside it. Remove them as they came.\n")
    }
}
