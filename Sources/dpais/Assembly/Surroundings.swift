import Background
import ModelStore
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the commands know of where they run. The process's environment is read here; of a terminal's own variables
/// `Console` knows.
struct Surroundings {
    let environment: [String: String]
    let home: Home

    init() {
        environment = ProcessInfo.processInfo.environment
        home = Home.default(environment: environment)
    }

    var store: ModelStore {
        ModelStore(home: home, settings: DownloadSettings(environment: environment))
    }

    /// The same, with models fetched as the settings say.
    func store(_ settings: Settings) -> ModelStore {
        ModelStore(
            home: home,
            settings: DownloadSettings(
                environment: environment, hubMirror: settings.hubMirror, connections: settings.downloadConnections))
    }

    /// The home of a user who names none.
    var standardHome: Home {
        Home.default(environment: environment.filter { $0.key != "DPAIS_HOME" })
    }

    /// The file by which the server of this home is found.
    var recordFile: RecordFile { RecordFile(home.root + "/server.json") }

    /// Makes the folders of the home that are not there.
    ///
    /// - Throws: ``Told`` where that cannot be.
    func makeHome() throws {
        for folder in [home.root, home.models, home.logs] {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw Told(
                    "The folder \(folder) cannot be made. Check whose the folder above it is, or name another home by "
                        + "DPAIS_HOME.")
            }
        }
    }

    /// - Parameter flags: settings given on the command line.
    func settings(flags: [String: SettingFlag] = [:]) async throws -> Settings {
        try await Settings.load(flags: flags, environment: environment, file: home.configurationFile)
    }

    /// What runners see of the environment: where to find libraries, which devices to use, and no more.
    var runnerEnvironment: [String: String] {
        environment.filter { name, _ in
            ["PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].contains(name)
                || ["CUDA_", "GGML_", "HIP_", "ROCR_", "SYCL_", "ONEAPI_", "VK_"].contains { name.hasPrefix($0) }
        }
    }

    /// The folder of this executable; the runners' are beside it.
    var executableDirectory: String {
        let parts = executable.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// The path of this executable.
    var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Swift.CommandLine.arguments.first ?? "dpais"
    }

    var processIdentifier: Int { Int(ProcessInfo.processInfo.processIdentifier) }

    var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }
}
