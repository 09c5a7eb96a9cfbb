@_exported import PodiumTesting
