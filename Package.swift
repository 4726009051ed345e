// swift-tools-version: 6.2
import PackageDescription

// `make setup` links .engines/ to the user's engine cache; the engines' headers and libraries are found there.
let llama = "\(Context.packageDirectory)/.engines/llama"
let openVINO = "\(Context.packageDirectory)/.engines/openvino"
let pictures = "\(Context.packageDirectory)/.engines/pictures"
let sound = "\(Context.packageDirectory)/.engines/sound"
let whisper = "\(Context.packageDirectory)/.engines/whisper"

// The project's own check builds with DPAIS_WARNINGS=error. Tests are left out: the testing macros' own expansions warn.
let strict: [SwiftSetting] = Context.environment["DPAIS_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : []

let base: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
// Tests run what is built for users; they themselves are compiled as quickly as can be, also in a release build.
let tests = base + [.unsafeFlags(["-Onone"])]
let llamaHeaders: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-I\(llama)/include"])]
let openVINOHeaders: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-I\(openVINO)/include"])]
let whisperHeaders: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-I\(whisper)/include"])]
let swift = base + strict
let swiftWithLlama = swift + llamaHeaders
let swiftWithOpenVINO = swift + openVINOHeaders
let swiftWithWhisper = swift + whisperHeaders

let package = Package(
    name: "dpais",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "dpais", targets: ["dpais"]),
        .executable(name: "dpais-llama-runner", targets: ["dpais-llama-runner"]),
        .executable(name: "dpais-openvino-runner", targets: ["dpais-openvino-runner"]),
        .executable(name: "dpais-whisper-runner", targets: ["dpais-whisper-runner"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // The foundation.
        .target(
            name: "SystemSupport", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: swift),

        // The domain.
        .target(name: "Inference", dependencies: ["SystemSupport"], swiftSettings: swift),

        // Between server and engines.
        .target(
            name: "RunnerProtocol",
            dependencies: [
                "Inference", "SystemSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swift),

        // Engines.
        .systemLibrary(name: "CLlama"),
        .target(
            name: "CLlamaShim",
            cxxSettings: [
                .unsafeFlags(["-I\(llama)/include", "-I\(llama)/include/common"])
            ],
            linkerSettings: [
                .unsafeFlags(["-L\(llama)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(llama)/lib"]),
                .linkedLibrary("llama-common"),
                .linkedLibrary("mtmd"),
            ]),
        .target(
            name: "LlamaEngine",
            dependencies: ["Inference", "CLlama", "CLlamaShim", "SystemSupport"],
            swiftSettings: swiftWithLlama),
        .executableTarget(
            name: "dpais-llama-runner",
            dependencies: ["Inference", "LlamaEngine", "RunnerProtocol"],
            swiftSettings: swiftWithLlama),

        // Files of pictures, and the engine that reads them.
        .target(
            name: "CPictures",
            cSettings: [.unsafeFlags(["-I\(pictures)/include"])],
            linkerSettings: [
                .unsafeFlags(["-L\(pictures)/lib"]),
                .linkedLibrary("jpeg"), .linkedLibrary("png16"), .linkedLibrary("webp"), .linkedLibrary("z"),
            ]),
        // Files of sound.
        .target(
            name: "CSound",
            cSettings: [.unsafeFlags(["-I\(sound)/include"])],
            linkerSettings: [
                .unsafeFlags(["-L\(sound)/lib"]),
                .linkedLibrary("sndfile"), .linkedLibrary("mpg123"), .linkedLibrary("soxr"),
            ]),
        .target(
            name: "Media", dependencies: ["CPictures", "CSound", "Inference", "SystemSupport"], swiftSettings: swift),
        .systemLibrary(name: "COpenVINO"),
        .target(
            name: "OpenVINORuntime",
            dependencies: ["Inference", "COpenVINO"],
            swiftSettings: swiftWithOpenVINO,
            linkerSettings: [
                .unsafeFlags(["-L\(openVINO)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(openVINO)/lib"])
            ]),
        .target(name: "Tokenizers", swiftSettings: swift),
        // Networks in 16 bits, for processors that multiply those and no tiles: kernels, and what is computed with them.
        .target(name: "CHalf"),
        .target(name: "HalfNetworks", dependencies: ["CHalf", "Inference", "NetworkPlans"], swiftSettings: swift),
        .target(
            name: "OpenVINOEngine",
            dependencies: [
                "HalfNetworks", "Inference", "Media", "NetworkPlans", "OpenVINORuntime", "SystemSupport", "Tokenizers",
            ],
            swiftSettings: swiftWithOpenVINO),
        .executableTarget(
            name: "dpais-openvino-runner",
            dependencies: ["OpenVINOEngine", "OpenVINORuntime", "RunnerProtocol"],
            swiftSettings: swiftWithOpenVINO),

        // Speech: OpenVINO graphs, and whisper.cpp for its own files.
        .target(
            name: "WhisperEngine",
            dependencies: ["Inference", "Media", "OpenVINORuntime", "SystemSupport", "Tokenizers"],
            swiftSettings: swiftWithOpenVINO),
        .systemLibrary(name: "CWhisper"),
        .target(
            name: "WhisperCppEngine",
            dependencies: ["Inference", "Media", "CWhisper", "SystemSupport"],
            swiftSettings: swiftWithWhisper,
            linkerSettings: [
                .unsafeFlags(["-L\(whisper)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(whisper)/lib"])
            ]),
        .executableTarget(
            name: "dpais-whisper-runner",
            dependencies: ["OpenVINORuntime", "RunnerProtocol", "WhisperCppEngine", "WhisperEngine"],
            swiftSettings: swiftWithOpenVINO + whisperHeaders),

        // What can be installed, and what runs.
        .target(name: "NetworkPlans", swiftSettings: swift),
        .target(name: "ModelImport", dependencies: ["Inference", "NetworkPlans"], swiftSettings: swift),
        .target(
            name: "ModelStore",
            dependencies: [
                "Inference", "ModelImport", "SystemSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [.embedInCode("Catalogue/catalogue.json")],
            swiftSettings: swift),
        .target(
            name: "Runners",
            dependencies: [
                "Inference", "Machine", "RunnerProtocol", "ModelStore", "SystemSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swift),

        // What measurements find, and how they compare.
        .target(
            name: "Performance",
            dependencies: ["SystemSupport", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: swift),

        // The HTTP surface.
        .target(
            name: "Server",
            dependencies: [
                "Inference", "ModelStore", "Performance", "RunnerProtocol", "Runners", "SystemSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Description/openapi.yaml"), .embedInCode("Performance/Works/speech.ogg")],
            swiftSettings: swift),
        // The command line: what a person sees, what the machine is, and how the server lives in the background.
        .target(name: "Console", swiftSettings: swift),
        .target(name: "Machine", swiftSettings: swift),
        .target(
            name: "Background",
            dependencies: [
                "SystemSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "dpais",
            dependencies: [
                "Background", "Console", "Inference", "Machine", "ModelStore", "Performance", "RunnerProtocol",
                "Runners", "Server", "SystemSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swift),

        // Tests.
        .target(
            name: "TestSupport", dependencies: [.product(name: "Logging", package: "swift-log")],
            path: "Tests/TestSupport", swiftSettings: tests),
        .testTarget(name: "ConsoleTests", dependencies: ["Console"], swiftSettings: tests),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "BackgroundTests", dependencies: ["Background", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "PerformanceTests", dependencies: ["Performance", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Inference", "ModelStore", "Performance", "RunnerProtocol", "Runners", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "ModelStoreTests",
            dependencies: [
                "ModelStore", "Inference", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "LlamaEngineTests",
            dependencies: ["LlamaEngine", "Inference", "CLlama", "TestSupport"],
            swiftSettings: tests + llamaHeaders),
        .testTarget(
            name: "ModelImportTests",
            dependencies: [
                "HalfNetworks", "ModelImport", "Inference", "OpenVINOEngine", "OpenVINORuntime", "TestSupport",
            ],
            exclude: ["Reference"], swiftSettings: tests + openVINOHeaders),
        .testTarget(
            name: "MediaTests", dependencies: ["Media", "Inference", "SystemSupport", "TestSupport"],
            exclude: ["fixtures.py", "sound_fixtures.py"],
            resources: [.copy("Fixtures"), .copy("SoundFixtures")], swiftSettings: tests),
        .testTarget(
            name: "HalfNetworksTests", dependencies: ["CHalf", "HalfNetworks", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "OpenVINORuntimeTests",
            dependencies: ["OpenVINORuntime", "Inference", "TestSupport"], swiftSettings: tests + openVINOHeaders),
        .testTarget(
            name: "TokenizersTests",
            dependencies: ["Tokenizers"], resources: [.copy("TokenizerGolden")], swiftSettings: tests),
        .testTarget(
            name: "OpenVINOEngineTests",
            dependencies: [
                "HalfNetworks", "OpenVINOEngine", "OpenVINORuntime", "Tokenizers", "Inference", "Media", "ModelImport",
                "TestSupport",
            ],
            resources: [.copy("CLIP/CLIPGolden")],
            swiftSettings: tests + openVINOHeaders),
        .testTarget(
            name: "WhisperEngineTests",
            dependencies: ["WhisperEngine", "OpenVINORuntime", "Tokenizers", "Inference", "Media", "ModelImport"],
            swiftSettings: tests + openVINOHeaders),
        .testTarget(
            name: "WhisperCppEngineTests",
            dependencies: ["WhisperCppEngine", "Inference", "Media", "TestSupport"],
            swiftSettings: tests + whisperHeaders),
        .testTarget(
            name: "RunnerProtocolTests",
            dependencies: [
                "RunnerProtocol", "Inference", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "RunnersTests",
            dependencies: [
                "Runners", "RunnerProtocol", "ModelStore", "Machine", "Inference", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: tests),
    ]
)
