import Synchronization

/// A value that one thread at a time may use.
///
/// The one form of lock in this project. Swift's mutex on Linux is a futex that stores its owner's thread number, read
/// from a thread-local variable. An asynchronous function can resume on another thread; where two calls that lock one mutex
/// are inlined into one such function, before and after a suspension, the optimiser reads the number once, and a contended
/// lock ends the process. ``withLock(_:)`` is therefore never inlined, and takes no asynchronous closure.
package struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>

    @inlinable package init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Calls `body` with the value, while no other thread uses it.
    ///
    /// - Parameter body: may not lock the same value again.
    @inline(never)
    @inlinable package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock(body)
    }
}
