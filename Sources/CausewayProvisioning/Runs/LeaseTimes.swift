import CausewayStore

/// How long leases last. All spans follow from one, so that they fit each other.
package struct LeaseTimes: Hashable, Sendable {
    /// How long a process may be silent, by the database's clock, until another may take over.
    package let duration: Duration

    static let standard = LeaseTimes(.seconds(60))

    /// In a file, renewals wait behind every long write, such as an import; but there one knows whether another process has ended.
    static func usual(of store: Store) -> LeaseTimes { store.isShared ? standard : LeaseTimes(.seconds(600)) }

    /// The shortest that a busy machine can keep, and the longest that leaves a provider without its syncs.
    package static let range = 6...600

    /// - Parameter duration: is brought into ``range``, in seconds.
    package init(_ duration: Duration) {
        self.duration = min(max(duration, .seconds(Self.range.lowerBound)), .seconds(Self.range.upperBound))
    }

    /// How long the holder may send, counted from before it asked for the lease. What it wrote last has a third of the lease to arrive
    /// and to be carried out, before another process looks at the tenant.
    var sending: Duration { duration * 2 / 3 }

    /// How long what was sent may be on its way: half of what is left then.
    var arrival: Duration { duration / 6 }

    /// Between two renewals. Some of them may fail, or take long.
    var renewal: Duration { duration / 8 }
}
