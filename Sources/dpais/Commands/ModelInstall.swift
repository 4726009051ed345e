import ArgumentParser
import Console
import Inference
import Machine
import ModelStore

struct ModelInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install a model of the catalogue, or files of your own.",
        discussion: """
            Every file's digest is checked, and the model is there whole or not at all. An interrupted download goes on \
            where it stopped when the command is given again.

            A name of the form hf:owner/name[/file][@revision][:Q4_K_M] is a place on the model hub. With --from: such a \
            place; a GGUF file, for chat or embeddings; a folder with a text encoder (tokenizer.json and \
            model.onnx, or model.xml and model.bin, or config.json and model.safetensors) or with CLIP's two encoders \
            (text_model.onnx, vision_model.onnx) or with Whisper (tokenizer.json, config.json, and model.bin of CTranslate2's \
            or model.safetensors); a ggml-*.bin file of whisper.cpp's; or an upscaler's .param file, its .bin file beside it.

            Examples:
              dpais model install                  shows what there is, and asks
              dpais model install smollm2-135m
              dpais model install hf:owner/name:Q4_K_M
              dpais model install --from ./my-model.gguf --name my-model
              dpais model install --from https://example.com/m.gguf --name m --sha256 <64 digits>
              dpais model install --from ./my-model.gguf --projector ./mmproj.gguf --name my-model
              dpais model install --from ./my-encoder/ --name my-encoder
              dpais model install --from ./upscaler.param --name upscaler
            """)

    @Argument(
        help: "A model of the catalogue; where none is named at a terminal, you are asked.",
        completion: .catalogueModels)
    var name: String?

    @Option(name: .customLong("model"), help: "The same, as an option.", completion: .catalogueModels)
    var modelOption: String?

    @Option(help: "A GGUF file: a path, or an http(s) address; or a folder, or a .param file.")
    var from: String?

    @Option(name: .customLong("name"), help: "With --from: the id that requests will name it by.")
    var id: String?

    @Option(help: "With --from: the SHA-256 that the file must have.")
    var sha256: String?

    @Option(help: "With --from: the GGUF file that makes the model see or hear (mmproj).")
    var projector: String?

    /// What a GGUF model can do.
    enum Ability: String, ExpressibleByArgument, CaseIterable {
        case chat, embeddings

        var capability: Capability { self == .chat ? .chat : .embeddings }
    }

    @Option(help: "With --from: what a GGUF model does, over what its file says.")
    var capability: Ability?

    func validate() throws {
        if from != nil {
            guard id != nil || name != nil || modelOption != nil || isPlaceOnHub else {
                throw ValidationError("--from needs --name, the id that requests will use.")
            }
        } else if name == nil, modelOption == nil, !Question.canBeAsked {
            throw ValidationError("Name a model; `dpais model list all` shows what there is.")
        }
        if from == nil, id != nil || sha256 != nil || projector != nil || capability != nil {
            throw ValidationError("--name, --sha256, --projector and --capability go with --from.")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let store = surroundings.store(try await surroundings.settings())
        let isNamed = from != nil || name != nil || modelOption != nil
        guard let request = isNamed ? try request() : try chosen(store) else {
            Terminal.error.write("Nothing is installed.\n")
            throw ExitCode.failure
        }
        let model = try await InstallSession(store: store).install(request)
        Terminal.error.write(
            model.capability == .chat
                ? "Talk to it with `dpais model run \(model.id)`, or serve it with `dpais start`.\n"
                : "Serve it with `dpais start`.\n")
    }

    /// What the person at the terminal wants; `nil` is nothing.
    private func chosen(_ store: ModelStore) throws -> InstallRequest? {
        let hardware = Hardware.read()
        let offer = try ModelOffer(store, hardware)
        offer.write(offer.entries, showsCapability: true, to: .error)
        Terminal.error.write("\nThis machine has \(ByteCount.text(hardware.memory.usable)) of memory for models.\n")
        let index = Question.choice(
            "Which one? (number or name, Enter for none) ", among: offer.entries.map(\.id), standard: nil)
        return index.map { .catalogue(offer.entries[$0].id) }
    }

    /// Such a place gives the model a name, where none is chosen.
    private var isPlaceOnHub: Bool { from?.lowercased().hasPrefix("hf:") == true }

    private func request() throws -> InstallRequest {
        let named = name ?? modelOption ?? ""
        guard let from else { return .catalogue(named) }
        if named.isEmpty, id == nil, isPlaceOnHub, sha256 == nil, projector == nil, capability == nil {
            return .catalogue(from)
        }
        return .custom(
            try CustomSource(from, sha256: sha256), id: id ?? named,
            projector: try projector.map { try CustomSource($0) }, capability: capability?.capability)
    }
}
