import ModelStore
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the commands know of where they run. The process's environment is read here and nowhere else.
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
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Swift.CommandLine.arguments.first ?? "dpais"
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }
}
