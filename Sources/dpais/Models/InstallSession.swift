import ArgumentParser
import Console
import Inference
import ModelStore

/// An install as a person sees it: a line that tells how far it is, and Ctrl-C that leaves it to be gone on with.
struct InstallSession {
    let store: ModelStore

    /// - Throws: `ExitCode` 130 where it was interrupted, after it has said so; else why it failed.
    func install(_ request: InstallRequest) async throws -> InstalledModel {
        let progress = ProgressLine(.error)
        let interrupts = Interrupts()
        let task = Task { try await store.install(request) { progress.show($0) } }
        do {
            let model = try await interrupts.handling {
                // A second one does not wait for anything.
                if task.isCancelled { endInterrupted() }
                task.cancel()
            } _: {
                try await task.value
            }
            progress.clear()
            Terminal.output.write("\(model.id) is installed (\(ByteCount.text(model.sizeBytes))).\n")
            return model
        } catch {
            progress.clear()
            guard task.isCancelled else { throw store.explained(error) }
            Terminal.error.write("Interrupted. The same command goes on where it stopped.\n")
            throw ExitCode(130)
        }
    }
}

extension ModelStore {
    /// The error, with the names that may have been meant where one is unknown.
    func explained(_ error: any Error) -> any Error {
        guard case .unknownModel(let name, let known)? = error as? InstallError else { return error }
        let aliases = ((try? catalogue())?.entries ?? []).flatMap(\.aliases)
        let question = Closest.question(for: name, among: known + aliases)
        return Told(
            "There is no model '\(name)' in the catalogue. "
                + (question ?? "It has: \(known.joined(separator: ", ")).")
                + " `dpais model list all` shows what there is; for a file of your own use --from FILE_OR_URL --name ID."
        )
    }

    /// The installed model of a name.
    ///
    /// - Throws: ``Told`` with what may have been meant, and what to do.
    func installed(named name: String) throws -> InstalledModel {
        if let model = try resolve(name) { return model }
        let here = try installed()
        let names = here.flatMap { [$0.id] + $0.aliases }
        if let question = Closest.question(for: name, among: names) {
            throw Told("The model '\(name)' is not installed. \(question) `dpais model list` shows what is.")
        }
        if (try? catalogue())?.entry(named: name) != nil {
            throw Told("The model '\(name)' is not installed. `dpais model install \(name)` installs it.")
        }
        throw Told(
            "The model '\(name)' is not installed. `dpais model list` shows what is; `dpais model install \(name)` installs it "
                + "where the catalogue has it, which `dpais model list all` shows.")
    }
}
