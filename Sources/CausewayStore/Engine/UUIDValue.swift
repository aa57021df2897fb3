import Foundation

/// Foundation's UUID, under a name that signatures can use without importing Foundation everywhere.
typealias UUIDValue = UUID
