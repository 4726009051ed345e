import CWhisper

/// What whisper.cpp is told, and what it tells, while it writes a window down.
///
/// It is called on the thread that computes; for some calls about logits on threads of whisper.cpp's own, which change
/// nothing here.
final class WindowWatch {
    private let cancellation: Cancellation
    private var hasBegun = false
    /// Temperatures that the window was decoded at.
    private(set) var attempts = 0
    /// How much of the sound was done when the window was, in whole hundredths of it.
    private(set) var percentDone: Int?

    init(_ cancellation: Cancellation) {
        self.cancellation = cancellation
    }

    /// Sets the parameters' callbacks; the watch has to live as long as they are used.
    func attach(to parameters: inout whisper_full_params) {
        let address = Unmanaged.passUnretained(self).toOpaque()
        parameters.encoder_begin_callback = { _, _, address in WindowWatch.at(address)?.beginWindow() ?? true }
        parameters.encoder_begin_callback_user_data = address
        parameters.progress_callback = { _, _, percent, address in WindowWatch.at(address)?.advance(to: percent) }
        parameters.progress_callback_user_data = address
        // The logits of a first token are asked for once an attempt, on the thread that computes.
        parameters.logits_filter_callback = { _, _, _, count, _, address in
            if count == 0 { WindowWatch.at(address)?.attempts += 1 }
        }
        parameters.logits_filter_callback_user_data = address
        parameters.abort_callback = { address in WindowWatch.at(address)?.cancellation.isCancelled ?? false }
        parameters.abort_callback_user_data = address
    }

    private static func at(_ address: UnsafeMutableRawPointer?) -> WindowWatch? {
        address.map { Unmanaged<WindowWatch>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: whether to go on: with the first window only.
    private func beginWindow() -> Bool {
        defer { hasBegun = true }
        return !hasBegun && !cancellation.isCancelled
    }

    private func advance(to percent: Int32) {
        if hasBegun, percentDone == nil { percentDone = Int(percent) }
    }
}
